#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/id.h"
#include "common/sql/database.h"
#include "services/notifications/domain/alert.h"
#include "services/notifications/domain/subscription.h"
#include "services/notifications/storage/delivery_store.h"
#include "services/notifications/storage/endpoint_store.h"
#include "services/notifications/storage/subscription_store.h"

namespace veche::notifications {

// Writes the deliveries of posts and notices for subscribers, by the channels that each has chosen.
// In quiet hours a delivery waits for their end; one of an alert then leaves in a digest. Each
// method runs in the caller's transaction and writes no delivery twice; errors are those of
// sql::Transaction. Thread-safe.
class DeliveryWriter {
 public:
  // All must outlive the object.
  DeliveryWriter(SubscriptionStore& subscriptions, EndpointStore& endpoints,
                 DeliveryStore& deliveries, IdSource& ids)
      : subscriptions_(subscriptions), endpoints_(endpoints), deliveries_(deliveries), ids_(ids) {}

  // For those of the subscribers whom the post still concerns, by their ids.
  absl::Status AddPost(sql::Transaction& transaction, const AlertPost& post,
                       absl::Span<const uint32_t> subscribers, absl::Time now);
  // For the recipients of the notices with a number above `after`, up to `last`: messages to
  // browsers and webhooks. Messages to contacts are written by those who know the texts.
  absl::Status AddNotices(sql::Transaction& transaction, int64_t after, int64_t last,
                          absl::Time now);

 private:
  SubscriptionStore& subscriptions_;
  EndpointStore& endpoints_;
  DeliveryStore& deliveries_;
  IdSource& ids_;
};

}  // namespace veche::notifications
