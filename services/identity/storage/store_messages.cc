#include <algorithm>
#include <utility>

#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "services/identity/domain/errors.h"
#include "services/identity/storage/store.h"

namespace veche::identity {
namespace {

constexpr absl::string_view kSubject = "message subject";
constexpr absl::string_view kBody = "message body";

// After the n-th attempt a message is due again in n² times this long, if it was not sent.
constexpr absl::Duration kFirstPause = absl::Seconds(15);

constexpr absl::Duration kKeepChallenges = absl::Hours(2);
constexpr absl::Duration kKeepGuesses = absl::Hours(2);
constexpr absl::Duration kKeepRequests = absl::Hours(24 * 30);

}  // namespace

absl::StatusOr<std::string> Store::FindOrAddMessage(sql::Transaction& transaction,
                                                    const QueuedMessage& message) {
  ASSIGN_OR_RETURN(std::optional<ResidentKey> key, KeyOf(transaction, message.resident));
  if (!key) return RecipientNotFound();
  ASSIGN_OR_RETURN(
      const int64_t added,
      transaction.Execute(
          "INSERT INTO messages (id, request, resident, sealed_subject, sealed_body, attempts, "
          "due_time, create_time) VALUES ($1, $2, $3, $4, $5, 0, $6, $7) "
          "ON CONFLICT (request) DO NOTHING",
          message.id, message.request, message.resident,
          sql::Blob{key->Seal(message.subject, kSubject)},
          sql::Blob{key->Seal(message.body, kBody)}, ToMicros(message.create_time),
          ToMicros(message.create_time)));
  if (added == 1) return message.resident;
  ASSIGN_OR_RETURN(
      std::vector<sql::Row> rows,
      transaction.Query("SELECT resident FROM messages WHERE request = $1", message.request));
  return rows.empty() ? message.resident : rows[0].Text(0);
}

absl::StatusOr<std::vector<OutgoingMessage>> Store::ClaimMessages(sql::Transaction& transaction,
                                                                  absl::Time now, int limit) {
  // The condition on due_time stands twice: on PostgreSQL a second worker waits for the first one's
  // rows, checks the outer condition again and skips them.
  ASSIGN_OR_RETURN(
      std::vector<sql::Row> rows,
      transaction.Query(
          "UPDATE messages SET attempts = attempts + 1, "
          "due_time = $1 + $2 * (attempts + 1) * (attempts + 1) "
          "WHERE sent_time IS NULL AND due_time <= $1 AND id IN (SELECT id FROM messages "
          "WHERE sent_time IS NULL AND due_time <= $1 ORDER BY due_time, id LIMIT $3) "
          "RETURNING id, resident, sealed_subject, sealed_body, create_time",
          ToMicros(now), absl::ToInt64Microseconds(kFirstPause), limit));
  std::vector<OutgoingMessage> messages;
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(std::optional<ResidentKey> key, KeyOf(transaction, row.Text(1)));
    std::vector<ContactOfResident> contacts;
    if (key) {
      ASSIGN_OR_RETURN(contacts, ContactsOf(transaction, row.Text(1), *key));
    }
    if (contacts.empty()) {
      RETURN_IF_ERROR(MarkSent(transaction, row.Text(0), now));
      continue;
    }
    OutgoingMessage message{
        .id = row.Text(0), .to = contacts.front().contact, .create_time = FromMicros(row.Int(4))};
    ASSIGN_OR_RETURN(message.subject, key->Unseal(row.Bytes(2), kSubject));
    ASSIGN_OR_RETURN(message.body, key->Unseal(row.Bytes(3), kBody));
    messages.push_back(std::move(message));
  }
  std::sort(messages.begin(), messages.end(),
            [](const OutgoingMessage& a, const OutgoingMessage& b) { return a.id < b.id; });
  return messages;
}

absl::Status Store::MarkSent(sql::Transaction& transaction, absl::string_view id, absl::Time now) {
  return transaction
      .Execute(
          "UPDATE messages SET sent_time = $2, sealed_subject = $3, sealed_body = $3 "
          "WHERE id = $1",
          id, ToMicros(now), sql::Blob{})
      .status();
}

absl::Status Store::Prune(sql::Transaction& transaction, absl::Time now) {
  RETURN_IF_ERROR(
      transaction
          .Execute("DELETE FROM challenges WHERE create_time < $1", ToMicros(now - kKeepChallenges))
          .status());
  RETURN_IF_ERROR(
      transaction
          .Execute("DELETE FROM code_senders WHERE last_time < $1", ToMicros(now - kKeepChallenges))
          .status());
  RETURN_IF_ERROR(
      transaction.Execute("DELETE FROM guesses WHERE last_time < $1", ToMicros(now - kKeepGuesses))
          .status());
  RETURN_IF_ERROR(
      transaction.Execute("DELETE FROM sessions WHERE expire_time < $1", ToMicros(now)).status());
  return transaction
      .Execute("DELETE FROM messages WHERE sent_time < $1", ToMicros(now - kKeepRequests))
      .status();
}

}  // namespace veche::identity
