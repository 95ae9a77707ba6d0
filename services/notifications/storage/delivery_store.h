#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/notifications/domain/delivery.h"

namespace veche::notifications {

// The queue of deliveries. Each method is one step that must be atomic with what its caller does,
// so it runs in the caller's transaction; methods that only read accept a reading transaction.
// Errors are those of sql::Transaction. Thread-safe.
class DeliveryStore {
 public:
  // Writes a batch, best of 1,000 to 10,000 deliveries; returns how many were new. A delivery of
  // the same post (or notice), subscriber, channel and endpoint is never written twice.
  absl::StatusOr<int64_t> AddBatch(sql::Transaction& transaction,
                                   absl::Span<const NewDelivery> batch, absl::Time now);

  // Deletes at most `limit` deliveries of a post that have not begun, because another post says
  // more; returns how many.
  absl::StatusOr<int64_t> Withdraw(sql::Transaction& transaction, int64_t post, int limit);

  // When the next delivery of a channel is due that waits, or that a process left in kSending;
  // nullopt for none.
  absl::StatusOr<std::optional<absl::Time>> NextDue(sql::Transaction& transaction, Channel channel);

  // Begins an attempt of at most `limit` due deliveries of a channel, of `least` severity or above,
  // the most severe first, those due longest before others; and of all others of their digests.
  // They are kSending and not claimed again until `now` + `lease`.
  absl::StatusOr<std::vector<Delivery>> Claim(sql::Transaction& transaction, Channel channel,
                                              absl::Time now, absl::Duration lease, int limit,
                                              Severity least = Severity::kInfo);
  // Stores what became of attempts. Ignores an outcome of another attempt than the present one.
  absl::Status Settle(sql::Transaction& transaction, absl::Span<const Outcome> outcomes);
  // Makes all of a channel that is kSending due at `now`. Only where no other process uses the
  // database.
  absl::Status Recover(sql::Transaction& transaction, Channel channel, absl::Time now);

  absl::StatusOr<std::optional<Delivery>> Get(sql::Transaction& transaction, absl::string_view id);
  // At most `limit` deliveries in `state` with an id below `before` ("" for all), newest first.
  // REQUIRES: the state is kFailed or kDead.
  absl::StatusOr<std::vector<Delivery>> ListGivenUp(sql::Transaction& transaction,
                                                    DeliveryState state, absl::string_view before,
                                                    int limit);
  // Queues a kFailed or kDead delivery again, with all attempts before it. Nullopt when there is
  // none of this id; one in another state is returned unchanged.
  absl::StatusOr<std::optional<Delivery>> Resend(sql::Transaction& transaction,
                                                 absl::string_view id, absl::Time now);
  // Deletes at most `limit` of the deliveries that ended, with an id below `sent_before` (kSent) or
  // `given_up_before` (kFailed, kDead), which must not be the greater one; returns how many.
  absl::StatusOr<int64_t> Prune(sql::Transaction& transaction, absl::string_view sent_before,
                                absl::string_view given_up_before, int limit);
};

}  // namespace veche::notifications
