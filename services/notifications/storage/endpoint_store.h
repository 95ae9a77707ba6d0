#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/notifications/domain/delivery.h"
#include "services/notifications/domain/endpoint.h"

namespace veche::notifications {

// An endpoint of a subscriber.
struct EndpointId {
  std::string subscriber;
  std::string id;
};

// Where messages go: push subscriptions and webhooks. What is personal in a webhook is sealed with
// a key outside of the database. Each method runs in the caller's transaction; methods that only
// read accept a reading transaction. Errors are those of sql::Transaction, and DataLoss when a
// sealed value does not open. Thread-safe.
class EndpointStore {
 public:
  // `seal_key`: kSealKeyBytes of common/crypto/seal.h.
  explicit EndpointStore(std::string seal_key) : seal_key_(std::move(seal_key)) {}

  // Adds a push subscription, or replaces keys and subscriber of the one with the same endpoint:
  // one browser has one owner. Returns the id, which stays that of the first.
  absl::StatusOr<std::string> PutPush(sql::Transaction& transaction,
                                      const PushSubscription& subscription);
  // All of a subscriber, by id.
  absl::StatusOr<std::vector<PushSubscription>> ListPush(sql::Transaction& transaction,
                                                         absl::string_view subscriber);
  // Those of these ids; unknown ones are skipped.
  absl::StatusOr<std::vector<PushSubscription>> GetPush(sql::Transaction& transaction,
                                                        absl::Span<const std::string> ids);
  // False when the subscriber has none of this id.
  absl::StatusOr<bool> DeletePush(sql::Transaction& transaction, absl::string_view subscriber,
                                  absl::string_view id);
  // Deletes push subscriptions that their services do not know any more.
  absl::Status DeleteGone(sql::Transaction& transaction, absl::Span<const std::string> ids);

  absl::Status AddWebhook(sql::Transaction& transaction, const Webhook& webhook);
  // All of a subscriber, by id, without secrets.
  absl::StatusOr<std::vector<Webhook>> ListWebhooks(sql::Transaction& transaction,
                                                    absl::string_view subscriber);
  absl::StatusOr<std::vector<Webhook>> GetWebhooks(sql::Transaction& transaction,
                                                   absl::Span<const std::string> ids);
  absl::StatusOr<bool> DeleteWebhook(sql::Transaction& transaction, absl::string_view subscriber,
                                     absl::string_view id);

  // The endpoints that subscribers have for a channel, by (subscriber, id): what a fan-out writes
  // deliveries for. REQUIRES: the channel is not kContact.
  absl::StatusOr<std::vector<EndpointId>> ListIds(sql::Transaction& transaction, Channel channel,
                                                  absl::Span<const std::string> subscribers);
  // Whether there is a push subscription or a webhook: then their keys must not be made anew.
  absl::StatusOr<bool> HasPush(sql::Transaction& transaction);
  absl::StatusOr<bool> HasWebhooks(sql::Transaction& transaction);
  // Deletes all endpoints of a subscriber, who is erased or whose device is.
  absl::Status DeleteAll(sql::Transaction& transaction, absl::string_view subscriber);

 private:
  const std::string seal_key_;
};

}  // namespace veche::notifications
