#include "services/notifications/workers/subscription_watch.h"

#include "common/base/status_macros.h"
#include "common/observe/worker.h"

namespace veche::notifications {
namespace {

constexpr int kPage = 5000;
constexpr absl::Duration kPoll = absl::Seconds(1);

}  // namespace

SubscriptionWatch::SubscriptionWatch(sql::Database& database, SubscriptionStore& store,
                                     RecipientCounter& residents, observe::Telemetry& telemetry)
    : database_(database),
      store_(store),
      residents_(residents),
      telemetry_(telemetry),
      worker_(observe::LoggedWorker("subscriptions", telemetry_), [this] { return Step(); }) {}

absl::Status SubscriptionWatch::Refresh() {
  absl::MutexLock one(&refreshing_);
  std::vector<Subscription> changed;
  do {
    RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
      refreshing_.AssertHeld();
      ASSIGN_OR_RETURN(changed, store_.ListChanged(transaction, version_, kPage));
      return absl::OkStatus();
    }));
    absl::MutexLock lock(&mutex_);
    for (const Subscription& subscription : changed) {
      index_.Set(static_cast<uint32_t>(subscription.id), InterestOf(subscription),
                 subscription.channels);
    }
    if (!changed.empty()) version_ = changed.back().version;
  } while (changed.size() == kPage);
  return absl::OkStatus();
}

std::vector<uint32_t> SubscriptionWatch::Find(const SubscriptionIndex::Query& query) const {
  absl::ReaderMutexLock lock(&mutex_);
  return index_.Find(query);
}

absl::StatusOr<RecipientCount> SubscriptionWatch::Count(const std::string& topic, Severity severity,
                                                        const std::vector<std::string>& districts) {
  RETURN_IF_ERROR(Refresh());
  ASSIGN_OR_RETURN(RecipientCount count, residents_.Count(topic, severity, districts));
  const auto subscribers = [&](Channels channels) {
    return static_cast<int64_t>(
        Find({.topic = topic, .districts = districts, .channels = channels}).size());
  };
  // Devices, and residents without the feed in the app.
  count.recipients += subscribers(kAllChannels) - subscribers(kInApp);
  count.web_push = subscribers(kWebPush);
  count.email = subscribers(kEmail);
  count.webhook = subscribers(kWebhook);
  return count;
}

absl::Duration SubscriptionWatch::Step() {
  const absl::Status status = Refresh();
  if (!status.ok()) {
    telemetry_.logger->Error("subscriptions not read", {{"error", status.ToString()}});
  }
  return kPoll;
}

}  // namespace veche::notifications
