#include "services/notifications/calls/subscription_calls.h"

#include <algorithm>
#include <optional>

#include "absl/algorithm/container.h"
#include "common/base/status_macros.h"
#include "services/notifications/domain/alert_errors.h"

namespace veche::notifications {

absl::StatusOr<Choices> SubscriptionCalls::ReadChoices() {
  Choices choices{.districts = parts_.districts(), .time_zone = parts_.time_zone};
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(choices.topics, parts_.alerts.ListTopics(transaction));
    return absl::OkStatus();
  }));
  return choices;
}

absl::StatusOr<v1::Subscription> SubscriptionCalls::GetSubscription(
    const rpc::Call& call, const v1::GetSubscriptionRequest&) {
  ASSIGN_OR_RETURN(const Subscription subscription,
                   parts_.subscribers.Of(call.principal().name, call.language()));
  return ToWire(subscription);
}

absl::StatusOr<v1::Subscription> SubscriptionCalls::ReplaceSubscription(
    const rpc::Call& call, const v1::ReplaceSubscriptionRequest& request, Violations violations) {
  const v1::Subscription& wire = request.subscription();
  ASSIGN_OR_RETURN(const Choices choices, ReadChoices());
  if (choices.districts == nullptr && !wire.districts().empty()) return CityUnknown();
  Subscription chosen{
      .topics = ReadTopics(wire.topics(), choices, "topics", violations),
      .muted = ReadTopics(wire.muted_topics(), choices, "mutedTopics", violations),
      .districts = ReadDistricts(wire.districts(), choices, "districts", violations),
      .channels = ReadChannels(wire.channels(), "channels", violations),
      .contact_messages = !wire.has_contact_messages() || wire.contact_messages()};
  if (wire.has_quiet_hours()) {
    chosen.quiet_hours = ReadQuietHours(wire.quiet_hours(), choices, "quietHours", violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return Change(call, [&](sql::Transaction& transaction, Subscription& subscription) {
    // Whoever turns e-mail on wants it, whatever the links of former e-mails ended.
    const bool turned_on = (chosen.channels & ~subscription.channels & kEmail) != 0;
    subscription.topics = chosen.topics;
    subscription.muted = chosen.muted;
    subscription.districts = chosen.districts;
    subscription.channels = chosen.channels;
    subscription.quiet_hours = chosen.quiet_hours;
    subscription.contact_messages = chosen.contact_messages;
    return turned_on ? parts_.contacts.OptIntoAlerts(transaction, subscription.subscriber)
                     : absl::OkStatus();
  });
}

absl::StatusOr<v1::Subscription> SubscriptionCalls::MuteTopic(const rpc::Call& call,
                                                              const v1::MuteTopicRequest& request) {
  RETURN_IF_ERROR(CheckTopic(request.name()));
  return Change(call, [&](sql::Transaction&, Subscription& subscription) {
    if (!absl::c_linear_search(subscription.muted, request.name())) {
      subscription.muted.push_back(request.name());
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::Subscription> SubscriptionCalls::UnmuteTopic(
    const rpc::Call& call, const v1::UnmuteTopicRequest& request) {
  RETURN_IF_ERROR(CheckTopic(request.name()));
  return Change(call, [&](sql::Transaction& transaction, Subscription& subscription) {
    std::vector<std::string>& muted = subscription.muted;
    muted.erase(std::remove(muted.begin(), muted.end(), request.name()), muted.end());
    return parts_.contacts.OptIn(transaction, subscription.subscriber, request.name());
  });
}

absl::Status SubscriptionCalls::CheckTopic(absl::string_view name) {
  ASSIGN_OR_RETURN(const Choices choices, ReadChoices());
  const bool known =
      absl::c_any_of(choices.topics, [&](const Topic& topic) { return topic.name == name; });
  return known ? absl::OkStatus() : TopicNotFound(name);
}

absl::StatusOr<v1::Subscription> SubscriptionCalls::Change(const rpc::Call& call,
                                                           ChangeBody change) {
  const std::string& resident = call.principal().name;
  RETURN_IF_ERROR(parts_.subscribers.Of(resident, call.language()).status());
  v1::Subscription response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(std::optional<Subscription> stored,
                     parts_.subscriptions.Lock(transaction, resident));
    Subscription subscription = *std::move(stored);
    RETURN_IF_ERROR(change(transaction, subscription));
    subscription.language = call.language();
    RETURN_IF_ERROR(parts_.subscriptions.Put(transaction, subscription, parts_.clock.Now()));
    response = ToWire(subscription);
    transaction.OnCommit(parts_.on_change);
    return call.Remember(transaction, response);
  }));
  return response;
}

}  // namespace veche::notifications
