#include "services/notifications/fanout/delivery_writer.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/base/status_macros.h"

namespace veche::notifications {
namespace {

// The ids of endpoints by their subscriber.
using Endpoints = absl::flat_hash_map<std::string, std::vector<std::string>>;

absl::StatusOr<Endpoints> ReadEndpoints(EndpointStore& store, sql::Transaction& transaction,
                                        Channel channel, Channels bit,
                                        const std::vector<const Subscription*>& subscriptions) {
  std::vector<std::string> subscribers;
  for (const Subscription* subscription : subscriptions) {
    if ((subscription->channels & bit) != 0) subscribers.push_back(subscription->subscriber);
  }
  Endpoints endpoints;
  if (subscribers.empty()) return endpoints;
  ASSIGN_OR_RETURN(std::vector<EndpointId> ids, store.ListIds(transaction, channel, subscribers));
  for (EndpointId& id : ids) endpoints[id.subscriber].push_back(std::move(id.id));
  return endpoints;
}

// The endpoints of some subscribers.
struct Routes {
  Endpoints push;
  Endpoints webhooks;
};

absl::StatusOr<Routes> ReadRoutes(EndpointStore& store, sql::Transaction& transaction,
                                  const std::vector<const Subscription*>& subscriptions) {
  Routes routes;
  ASSIGN_OR_RETURN(routes.push,
                   ReadEndpoints(store, transaction, Channel::kWebPush, kWebPush, subscriptions));
  ASSIGN_OR_RETURN(routes.webhooks,
                   ReadEndpoints(store, transaction, Channel::kWebhook, kWebhook, subscriptions));
  return routes;
}

// Appends a copy of `delivery` for each endpoint of the subscriber.
void AppendAll(const NewDelivery& delivery, const Endpoints& endpoints, Channel channel,
               IdSource& ids, std::vector<NewDelivery>& batch) {
  const auto found = endpoints.find(delivery.subscriber);
  if (found == endpoints.end()) return;
  for (const std::string& endpoint : found->second) {
    batch.push_back(delivery);
    batch.back().id = ids.New();
    batch.back().channel = channel;
    batch.back().endpoint = endpoint;
  }
}

}  // namespace

absl::Status DeliveryWriter::AddPost(sql::Transaction& transaction, const AlertPost& post,
                                     absl::Span<const uint32_t> subscribers, absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<Subscription> stored,
                   subscriptions_.ListByIds(transaction, subscribers));
  std::vector<const Subscription*> concerned;
  for (const Subscription& subscription : stored) {
    if (Concerns(InterestOf(subscription), post.topic, post.districts)) {
      concerned.push_back(&subscription);
    }
  }
  ASSIGN_OR_RETURN(const Routes routes, ReadRoutes(endpoints_, transaction, concerned));
  std::vector<NewDelivery> batch;
  for (const Subscription* subscription : concerned) {
    const absl::Time due =
        post.severity == Severity::kEmergency ? now : SendTime(subscription->quiet_hours, now);
    // By the end of the quiet hours there is nothing to say any more.
    if (post.expire_time && *post.expire_time <= due) continue;
    NewDelivery delivery{.subscriber = subscription->subscriber,
                         .post = post.seq,
                         .severity = post.severity,
                         .due_time = due};
    if (due > now) delivery.digest = due;
    AppendAll(delivery, routes.push, Channel::kWebPush, ids_, batch);
    AppendAll(delivery, routes.webhooks, Channel::kWebhook, ids_, batch);
    if ((subscription->channels & kEmail) != 0) {
      batch.push_back(delivery);
      batch.back().id = ids_.New();
      batch.back().channel = Channel::kContact;
    }
  }
  if (batch.empty()) return absl::OkStatus();
  return deliveries_.AddBatch(transaction, batch, now).status();
}

absl::Status DeliveryWriter::AddNotices(sql::Transaction& transaction, int64_t after, int64_t last,
                                        absl::Time now) {
  if (after >= last) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      const std::vector<NoticeRecipient> recipients,
      subscriptions_.ListNoticeRecipients(transaction, after, last, kWebPush | kWebhook));
  std::vector<const Subscription*> subscriptions;
  for (const NoticeRecipient& recipient : recipients) {
    subscriptions.push_back(&recipient.subscription);
  }
  ASSIGN_OR_RETURN(const Routes routes, ReadRoutes(endpoints_, transaction, subscriptions));
  std::vector<NewDelivery> batch;
  for (const NoticeRecipient& recipient : recipients) {
    const NewDelivery delivery{.subscriber = recipient.subscription.subscriber,
                               .notice = recipient.notice,
                               .due_time = SendTime(recipient.subscription.quiet_hours, now)};
    AppendAll(delivery, routes.push, Channel::kWebPush, ids_, batch);
    AppendAll(delivery, routes.webhooks, Channel::kWebhook, ids_, batch);
  }
  if (batch.empty()) return absl::OkStatus();
  return deliveries_.AddBatch(transaction, batch, now).status();
}

}  // namespace veche::notifications
