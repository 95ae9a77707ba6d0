#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/identity/domain/message.h"
#include "services/identity/vault/vault.h"

namespace veche::identity {

// Somebody whom messages reach.
struct Recipient {
  std::string locale;
  Channel channel = Channel::kEmail;
  ResidentKey key;
};
using Recipients = std::map<std::string, Recipient>;  // by the resident's id

// The queue of messages: the table `messages`. Its rows hold subjects, texts and links sealed with
// the key of the recipient. Methods are steps of the caller's transaction. Errors are those of
// sql::Transaction, and DataLoss for a sealed value that the vault cannot open. Thread-safe.
class MessageStore {
 public:
  // `vault` must outlive the store.
  explicit MessageStore(const Vault& vault) : vault_(vault) {}

  // Those of `residents` who have a contact. Unknown and erased people are left out.
  absl::StatusOr<Recipients> FindRecipients(sql::Transaction& transaction,
                                            absl::Span<const std::string> residents);
  // Queues messages. A message whose request is known already is left out.
  // REQUIRES: `recipients` has the recipient of each.
  absl::Status Add(sql::Transaction& transaction, absl::Span<const QueuedMessage> messages,
                   const Recipients& recipients);

  // Claims the first due message of a channel: urgent ones first, then by due time. It becomes due
  // again at `now` + kClaimLifetime, unless the claim ends before. No two callers claim one message
  // at a time. Its first claim gives it its key: the id and `key_suffix`. Nullopt when no message
  // is due. Messages to people who were erased are marked as sent.
  absl::StatusOr<std::optional<OutgoingMessage>> Claim(sql::Transaction& transaction,
                                                       Channel channel,
                                                       absl::string_view key_suffix,
                                                       absl::Time now);
  // The ends of a claim. MarkSent deletes the contents and keeps the request, against repeats. The
  // others change nothing when the claim is not the newest of the message.
  absl::Status MarkSent(sql::Transaction& transaction, absl::string_view id, absl::Time now);
  absl::Status MarkFailed(sql::Transaction& transaction, absl::string_view id, int attempt,
                          absl::string_view error, absl::Time due);
  absl::Status MarkDead(sql::Transaction& transaction, absl::string_view id, int attempt,
                        absl::string_view error, absl::Time now);

  // Ends all claims. Only where no other process uses the database, when this one starts.
  absl::Status EndClaims(sql::Transaction& transaction, absl::Time now);

  // Messages of a state with ids below `before`, newest first; "" for the first page.
  absl::StatusOr<std::vector<MessageSummary>> List(sql::Transaction& transaction,
                                                   MessageState state, absl::string_view before,
                                                   int limit);
  absl::StatusOr<std::optional<MessageSummary>> Get(sql::Transaction& transaction,
                                                    absl::string_view id);
  // Queues a dead message again, with the same key. False when the message is not dead.
  absl::StatusOr<bool> Revive(sql::Transaction& transaction, absl::string_view id, absl::Time now);

  // Deletes messages that were sent or died more than 30 days ago.
  absl::Status Prune(sql::Transaction& transaction, absl::Time now);

 private:
  absl::StatusOr<std::optional<OutgoingMessage>> Open(sql::Transaction& transaction,
                                                      const sql::Row& row);

  const Vault& vault_;
};

}  // namespace veche::identity
