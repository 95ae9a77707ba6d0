#include "services/identity/storage/message_store.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/sql/columns.h"
#include "common/sql/insert_rows.h"
#include "services/identity/domain/retry.h"
#include "services/identity/storage/in_list.h"
#include "services/identity/storage/sealed_fields.h"

namespace veche::identity {
namespace {

// The fields that the resident's key seals.
constexpr absl::string_view kSubject = "message subject";
constexpr absl::string_view kBody = "message body";
constexpr absl::string_view kHtml = "message html";
constexpr absl::string_view kUnsubscribeUrl = "message unsubscribe url";

constexpr absl::Duration kKeep = absl::Hours(24 * 30);
// A dead message is never due, also for a release that does not know the state.
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
// The column `queue`: the lower one goes first.
constexpr int kUrgent = 0;
constexpr int kOrdinary = 1;
// Another process may claim the message that is looked at, on PostgreSQL.
constexpr int kTries = 5;

template <auto kMember>
constexpr sql::Column<MessageSummary> Field(absl::string_view name) {
  return sql::MemberColumn<MessageSummary, kMember>(name);
}

constexpr sql::Column<MessageSummary> kSummary[] = {
    Field<&MessageSummary::id>("id"),
    Field<&MessageSummary::request>("request"),
    Field<&MessageSummary::state>("state"),
    Field<&MessageSummary::channel>("channel"),
    Field<&MessageSummary::attempts>("attempts"),
    Field<&MessageSummary::error>("error"),
    Field<&MessageSummary::create_time>("create_time"),
    Field<&MessageSummary::due_time>("due_time"),
};

std::string SelectSummaries(absl::string_view rest) {
  return absl::StrCat("SELECT ", sql::ColumnList(kSummary), " FROM messages ", rest);
}

sql::Value SealOptional(const ResidentKey& key, absl::string_view text, absl::string_view field) {
  return text.empty() ? sql::Value() : sql::Value(sql::Blob{key.Seal(text, field)});
}

absl::StatusOr<std::string> OpenOptional(const ResidentKey& key, const sql::Row& row,
                                         size_t position, absl::string_view field) {
  if (row.IsNull(position)) return "";
  return key.Unseal(row.Bytes(position), field);
}

}  // namespace

absl::StatusOr<Recipients> MessageStore::FindRecipients(sql::Transaction& transaction,
                                                        absl::Span<const std::string> residents) {
  Recipients recipients;
  if (residents.empty()) return recipients;
  const InList list(residents);
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.QueryWith(
          absl::StrCat("SELECT r.id, r.locale, c.kind, k.wrapped FROM residents r "
                       "JOIN resident_keys k ON k.resident = r.id "
                       "JOIN contacts c ON c.resident = r.id AND c.position = 0 WHERE r.id IN ",
                       list.text()),
          list.values()));
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(ResidentKey key, vault_.Unwrap(row.Text(0), row.Bytes(3)));
    recipients.emplace(row.Text(0), Recipient{.locale = row.Text(1),
                                              .channel = ChannelOf(api::KindFromName(row.Text(2))),
                                              .key = std::move(key)});
  }
  return recipients;
}

absl::Status MessageStore::Add(sql::Transaction& transaction,
                               absl::Span<const QueuedMessage> messages,
                               const Recipients& recipients) {
  constexpr size_t kColumns = 12;
  std::vector<sql::Value> values;
  values.reserve(messages.size() * kColumns);
  for (const QueuedMessage& message : messages) {
    const Recipient& recipient = recipients.at(message.resident);
    const ResidentKey& key = recipient.key;
    values.insert(
        values.end(),
        {sql::Value(message.id), sql::Value(message.request), sql::Value(message.resident),
         sql::Value(static_cast<int>(recipient.channel)),
         sql::Value(message.urgent ? kUrgent : kOrdinary), sql::Value(0),
         sql::Value(sql::Blob{key.Seal(message.subject, kSubject)}),
         sql::Value(sql::Blob{key.Seal(message.body, kBody)}),
         SealOptional(key, message.html, kHtml),
         SealOptional(key, message.unsubscribe_url, kUnsubscribeUrl),
         sql::Value(ToMicros(message.create_time)), sql::Value(ToMicros(message.create_time))});
  }
  return sql::InsertRows(transaction,
                         "INSERT INTO messages (id, request, resident, channel, queue, attempts, "
                         "sealed_subject, sealed_body, sealed_html, sealed_unsubscribe_url, "
                         "due_time, create_time)",
                         kColumns, std::move(values), " ON CONFLICT (request) DO NOTHING");
}

absl::StatusOr<std::optional<OutgoingMessage>> MessageStore::Claim(sql::Transaction& transaction,
                                                                   Channel channel,
                                                                   absl::string_view key_suffix,
                                                                   absl::Time now) {
  for (int i = 0; i < kTries; ++i) {
    ASSIGN_OR_RETURN(const std::vector<sql::Row> due,
                     transaction.Query("SELECT id, due_time FROM messages WHERE sent_time IS NULL "
                                       "AND channel = $1 AND due_time <= $2 "
                                       "ORDER BY queue, due_time, id LIMIT 1",
                                       static_cast<int>(channel), ToMicros(now)));
    if (due.empty()) return std::nullopt;
    ASSIGN_OR_RETURN(
        const std::vector<sql::Row> claimed,
        transaction.Query(
            "UPDATE messages SET state = $3, attempts = attempts + 1, due_time = $4, "
            "provider_key = CASE WHEN provider_key = '' THEN CAST($5 AS TEXT) "
            "ELSE provider_key END "
            "WHERE id = $1 AND due_time = $2 AND sent_time IS NULL "
            "RETURNING id, resident, provider_key, sealed_subject, sealed_body, sealed_html, "
            "sealed_unsubscribe_url, create_time, attempts",
            due[0].Text(0), due[0].Int(1), static_cast<int>(MessageState::kSending),
            ToMicros(now + kClaimLifetime), absl::StrCat(due[0].Text(0), key_suffix)));
    if (claimed.empty()) continue;
    ASSIGN_OR_RETURN(std::optional<OutgoingMessage> message, Open(transaction, claimed[0]));
    if (message) return message;
    RETURN_IF_ERROR(MarkSent(transaction, claimed[0].Text(0), now));
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<OutgoingMessage>> MessageStore::Open(sql::Transaction& transaction,
                                                                  const sql::Row& row) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> contacts,
      transaction.Query("SELECT k.wrapped, c.kind, c.sealed_value FROM resident_keys k "
                        "JOIN contacts c ON c.resident = k.resident AND c.position = 0 "
                        "WHERE k.resident = $1",
                        row.Text(1)));
  if (contacts.empty()) return std::nullopt;
  const sql::Row& contact = contacts[0];
  ASSIGN_OR_RETURN(const ResidentKey key, vault_.Unwrap(row.Text(1), contact.Bytes(0)));
  ASSIGN_OR_RETURN(std::string address, key.Unseal(contact.Bytes(2), kContactField));
  OutgoingMessage message{.id = row.Text(0),
                          .key = row.Text(2),
                          .to = {api::KindFromName(contact.Text(1)), std::move(address)},
                          .create_time = FromMicros(row.Int(7)),
                          .attempt = static_cast<int>(row.Int(8))};
  ASSIGN_OR_RETURN(message.subject, key.Unseal(row.Bytes(3), kSubject));
  ASSIGN_OR_RETURN(message.body, key.Unseal(row.Bytes(4), kBody));
  ASSIGN_OR_RETURN(message.html, OpenOptional(key, row, 5, kHtml));
  ASSIGN_OR_RETURN(message.unsubscribe_url, OpenOptional(key, row, 6, kUnsubscribeUrl));
  return message;
}

absl::Status MessageStore::MarkSent(sql::Transaction& transaction, absl::string_view id,
                                    absl::Time now) {
  return transaction
      .Execute(
          "UPDATE messages SET state = $2, sent_time = $3, sealed_subject = $4, "
          "sealed_body = $4, sealed_html = NULL, sealed_unsubscribe_url = NULL, "
          "error = '', dead_time = NULL WHERE id = $1",
          id, static_cast<int>(MessageState::kSent), ToMicros(now), sql::Blob{})
      .status();
}

absl::Status MessageStore::MarkFailed(sql::Transaction& transaction, absl::string_view id,
                                      int attempt, absl::string_view error, absl::Time due) {
  return transaction
      .Execute(
          "UPDATE messages SET state = $3, error = $4, due_time = $5 "
          "WHERE id = $1 AND attempts = $2 AND sent_time IS NULL",
          id, attempt, static_cast<int>(MessageState::kFailed), error, ToMicros(due))
      .status();
}

absl::Status MessageStore::MarkDead(sql::Transaction& transaction, absl::string_view id,
                                    int attempt, absl::string_view error, absl::Time now) {
  return transaction
      .Execute(
          "UPDATE messages SET state = $3, error = $4, due_time = $5, dead_time = $6 "
          "WHERE id = $1 AND attempts = $2 AND sent_time IS NULL",
          id, attempt, static_cast<int>(MessageState::kDead), error, kNever, ToMicros(now))
      .status();
}

absl::Status MessageStore::EndClaims(sql::Transaction& transaction, absl::Time now) {
  return transaction
      .Execute("UPDATE messages SET due_time = $2 WHERE state = $1 AND sent_time IS NULL",
               static_cast<int>(MessageState::kSending), ToMicros(now))
      .status();
}

absl::StatusOr<std::vector<MessageSummary>> MessageStore::List(sql::Transaction& transaction,
                                                               MessageState state,
                                                               absl::string_view before,
                                                               int limit) {
  // Ids are ordered by time and consist of lower-case letters and digits, which sort before "~".
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query(SelectSummaries("WHERE state = $1 AND id < $2 ORDER BY id DESC LIMIT $3"),
                        static_cast<int>(state), before.empty() ? "~" : before, limit));
  std::vector<MessageSummary> messages;
  for (const sql::Row& row : rows) messages.push_back(sql::ReadObject(kSummary, row));
  return messages;
}

absl::StatusOr<std::optional<MessageSummary>> MessageStore::Get(sql::Transaction& transaction,
                                                                absl::string_view id) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query(SelectSummaries("WHERE id = $1"), id));
  if (rows.empty()) return std::nullopt;
  return sql::ReadObject(kSummary, rows[0]);
}

absl::StatusOr<bool> MessageStore::Revive(sql::Transaction& transaction, absl::string_view id,
                                          absl::Time now) {
  ASSIGN_OR_RETURN(
      const int64_t changed,
      transaction.Execute("UPDATE messages SET state = $2, attempts = 0, due_time = $3, "
                          "error = '', dead_time = NULL WHERE id = $1 AND state = $4",
                          id, static_cast<int>(MessageState::kQueued), ToMicros(now),
                          static_cast<int>(MessageState::kDead)));
  return changed == 1;
}

absl::Status MessageStore::Prune(sql::Transaction& transaction, absl::Time now) {
  const int64_t before = ToMicros(now - kKeep);
  RETURN_IF_ERROR(
      transaction.Execute("DELETE FROM messages WHERE sent_time < $1", before).status());
  return transaction
      .Execute("DELETE FROM messages WHERE state = $1 AND dead_time < $2",
               static_cast<int>(MessageState::kDead), before)
      .status();
}

}  // namespace veche::identity
