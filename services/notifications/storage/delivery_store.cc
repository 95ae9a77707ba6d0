#include "services/notifications/storage/delivery_store.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/sql/bulk_insert.h"
#include "common/sql/columns.h"

namespace veche::notifications {
namespace {

constexpr sql::BulkColumn kNewColumns[] = {
    {"id", "TEXT"},         {"subscriber", "TEXT"},
    {"channel", "BIGINT"},  {"endpoint", "TEXT"},
    {"post", "BIGINT"},     {"notice", "BIGINT"},
    {"digest", "BIGINT"},   {"severity", "BIGINT"},
    {"due_time", "BIGINT"}, {"create_time", "BIGINT"},
};
constexpr absl::string_view kColumns =
    "id, subscriber, channel, endpoint, post, notice, digest, severity, state, attempt, error, "
    "due_time, create_time";
// As the partial indexes say it, so that both engines use them.
constexpr absl::string_view kPending = "state IN (1, 2)";
constexpr absl::string_view kGivenUp = "state IN (4, 5)";

constexpr Severity kSeverities[] = {Severity::kEmergency, Severity::kWarning, Severity::kInfo};

std::optional<absl::Time> OptionalTime(const sql::Row& row, size_t column) {
  const std::optional<int64_t> micros = row.OptionalInt(column);
  return micros ? std::optional(FromMicros(*micros)) : std::nullopt;
}

Delivery ReadDelivery(const sql::Row& row) {
  Delivery delivery;
  delivery.id = row.Text(0);
  delivery.subscriber = row.Text(1);
  delivery.channel = static_cast<Channel>(row.Int(2));
  delivery.endpoint = row.Text(3);
  delivery.post = row.OptionalInt(4);
  delivery.notice = row.OptionalInt(5);
  delivery.digest = OptionalTime(row, 6);
  delivery.severity = static_cast<Severity>(row.Int(7));
  delivery.state = static_cast<DeliveryState>(row.Int(8));
  delivery.attempt = static_cast<int>(row.Int(9));
  delivery.error = row.Text(10);
  delivery.due_time = FromMicros(row.Int(11));
  delivery.create_time = FromMicros(row.Int(12));
  return delivery;
}

std::vector<Delivery> ReadDeliveries(const std::vector<sql::Row>& rows) {
  std::vector<Delivery> deliveries;
  deliveries.reserve(rows.size());
  for (const sql::Row& row : rows) deliveries.push_back(ReadDelivery(row));
  return deliveries;
}

// A batch of one kind names its own unique index, because PostgreSQL looks into each index that a
// conflict could come from before it inserts a row.
absl::string_view ConflictClause(absl::Span<const NewDelivery> batch) {
  const auto has_post = [](const NewDelivery& delivery) { return delivery.post.has_value(); };
  if (absl::c_all_of(batch, has_post)) {
    return " ON CONFLICT (post, subscriber, channel, endpoint) WHERE post IS NOT NULL DO NOTHING";
  }
  if (absl::c_none_of(batch, has_post)) {
    return " ON CONFLICT (notice, subscriber, channel, endpoint) WHERE notice IS NOT NULL "
           "DO NOTHING";
  }
  return " ON CONFLICT DO NOTHING";
}

// "UPDATE … begins an attempt of those that `which` selects". Two processes may select the same
// rows; the condition on due_time is checked again when the first has committed.
std::string ClaimStatement(absl::string_view which) {
  return absl::StrCat(
      "UPDATE deliveries SET state = 2, attempt = attempt + 1, due_time = $2 WHERE ", kPending,
      " AND due_time <= $1 AND ", which, " RETURNING ", kColumns);
}

// The deliveries of the digests of `claimed` that are not claimed yet, because the page ended.
absl::Status ClaimDigests(sql::Transaction& transaction, int64_t now, int64_t until,
                          std::vector<Delivery>& claimed) {
  static const std::string& statement = *new std::string(
      ClaimStatement("digest = $3 AND subscriber = $4 AND channel = $5 AND endpoint = $6"));
  std::set<std::string> seen;
  const size_t page = claimed.size();
  for (size_t i = 0; i < page; ++i) {
    if (!claimed[i].digest || !seen.insert(MessageKey(claimed[i])).second) continue;
    const Delivery& first = claimed[i];
    ASSIGN_OR_RETURN(
        const std::vector<sql::Row> rows,
        transaction.Query(statement, now, until, ToMicros(*first.digest), first.subscriber,
                          static_cast<int>(first.channel), first.endpoint));
    for (const sql::Row& row : rows) claimed.push_back(ReadDelivery(row));
  }
  return absl::OkStatus();
}

// "UPDATE … FROM (VALUES …)" for so many outcomes.
std::string SettleStatement(size_t count) {
  std::string values;
  for (size_t i = 0; i < count; ++i) {
    const size_t first = i * 6;
    absl::StrAppend(&values, i == 0 ? "" : ", ", "(CAST($", first + 1, " AS TEXT), CAST($",
                    first + 2, " AS BIGINT), CAST($", first + 3, " AS BIGINT), CAST($", first + 4,
                    " AS BIGINT), CAST($", first + 5, " AS TEXT), CAST($", first + 6,
                    " AS BIGINT))");
  }
  return absl::StrCat(
      "UPDATE deliveries SET state = o.column3, attempt = o.column4, error = o.column5, "
      "due_time = o.column6 FROM (VALUES ",
      values,
      ") AS o WHERE deliveries.id = o.column1 AND deliveries.attempt = o.column2 "
      "AND deliveries.state = 2");
}

}  // namespace

absl::StatusOr<int64_t> DeliveryStore::AddBatch(sql::Transaction& transaction,
                                                absl::Span<const NewDelivery> batch,
                                                absl::Time now) {
  std::vector<sql::Value> values;
  values.reserve(batch.size() * std::size(kNewColumns));
  const int64_t create_time = ToMicros(now);
  for (const NewDelivery& delivery : batch) {
    values.emplace_back(delivery.id);
    values.emplace_back(delivery.subscriber);
    values.emplace_back(static_cast<int>(delivery.channel));
    values.emplace_back(delivery.endpoint);
    values.emplace_back(delivery.post);
    values.emplace_back(delivery.notice);
    values.push_back(sql::ToValue(delivery.digest));
    values.emplace_back(static_cast<int>(delivery.severity));
    values.emplace_back(ToMicros(delivery.due_time));
    values.emplace_back(create_time);
  }
  return sql::BulkInsert(transaction, "deliveries", kNewColumns, values, ConflictClause(batch));
}

absl::StatusOr<int64_t> DeliveryStore::Withdraw(sql::Transaction& transaction, int64_t post,
                                                int limit) {
  return transaction.Execute(
      "DELETE FROM deliveries WHERE state = 1 AND id IN "
      "(SELECT id FROM deliveries WHERE post = $1 AND state = 1 LIMIT $2)",
      post, limit);
}

absl::StatusOr<std::optional<absl::Time>> DeliveryStore::NextDue(sql::Transaction& transaction,
                                                                 Channel channel) {
  std::optional<absl::Time> next;
  for (const Severity severity : kSeverities) {
    ASSIGN_OR_RETURN(
        const std::vector<sql::Row> rows,
        transaction.Query(absl::StrCat("SELECT due_time FROM deliveries WHERE channel = $1 "
                                       "AND severity = $2 AND ",
                                       kPending, " ORDER BY due_time LIMIT 1"),
                          static_cast<int>(channel), static_cast<int>(severity)));
    if (rows.empty()) continue;
    const absl::Time due = FromMicros(rows[0].Int(0));
    if (!next || due < *next) next = due;
  }
  return next;
}

absl::StatusOr<std::vector<Delivery>> DeliveryStore::Claim(sql::Transaction& transaction,
                                                           Channel channel, absl::Time now,
                                                           absl::Duration lease, int limit,
                                                           Severity least) {
  static const std::string& statement = *new std::string(
      ClaimStatement(absl::StrCat("id IN (SELECT id FROM deliveries WHERE channel = $3 AND "
                                  "severity = $4 AND ",
                                  kPending, " AND due_time <= $1 ORDER BY due_time LIMIT $5)")));
  const int64_t due = ToMicros(now), until = ToMicros(now + lease);
  std::vector<Delivery> claimed;
  for (const Severity severity : kSeverities) {
    const int left = limit - static_cast<int>(claimed.size());
    if (left <= 0 || severity < least) break;
    ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                     transaction.Query(statement, due, until, static_cast<int>(channel),
                                       static_cast<int>(severity), left));
    std::vector<Delivery> page = ReadDeliveries(rows);
    std::sort(page.begin(), page.end(),
              [](const Delivery& a, const Delivery& b) { return a.id < b.id; });
    std::move(page.begin(), page.end(), std::back_inserter(claimed));
  }
  RETURN_IF_ERROR(ClaimDigests(transaction, due, until, claimed));
  return claimed;
}

absl::Status DeliveryStore::Settle(sql::Transaction& transaction,
                                   absl::Span<const Outcome> outcomes) {
  // Few sizes of statements, so that the statement cache keeps them.
  for (const size_t size : {size_t{128}, size_t{16}, size_t{1}}) {
    while (outcomes.size() >= size) {
      std::vector<sql::Value> values;
      for (const Outcome& outcome : outcomes.first(size)) {
        const int attempts = outcome.attempt - (outcome.postponed ? 1 : 0);
        values.insert(values.end(), {outcome.id, outcome.attempt, static_cast<int>(outcome.state),
                                     attempts, outcome.error, ToMicros(outcome.due_time)});
      }
      RETURN_IF_ERROR(transaction.ExecuteWith(SettleStatement(size), values).status());
      outcomes.remove_prefix(size);
    }
  }
  return absl::OkStatus();
}

absl::Status DeliveryStore::Recover(sql::Transaction& transaction, Channel channel,
                                    absl::Time now) {
  for (const Severity severity : kSeverities) {
    RETURN_IF_ERROR(transaction
                        .Execute(absl::StrCat("UPDATE deliveries SET due_time = $2 "
                                              "WHERE channel = $3 AND severity = $1 AND ",
                                              kPending, " AND state = 2 AND due_time > $2"),
                                 static_cast<int>(severity), ToMicros(now),
                                 static_cast<int>(channel))
                        .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Delivery>> DeliveryStore::Get(sql::Transaction& transaction,
                                                           absl::string_view id) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query(absl::StrCat("SELECT ", kColumns, " FROM deliveries WHERE id = $1"), id));
  if (rows.empty()) return std::nullopt;
  return ReadDelivery(rows[0]);
}

absl::StatusOr<std::vector<Delivery>> DeliveryStore::ListGivenUp(sql::Transaction& transaction,
                                                                 DeliveryState state,
                                                                 absl::string_view before,
                                                                 int limit) {
  // Every id sorts before "~".
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query(absl::StrCat("SELECT ", kColumns, " FROM deliveries WHERE ", kGivenUp,
                                     " AND state = $1 AND id < $2 "
                                     "ORDER BY id DESC LIMIT $3"),
                        static_cast<int>(state), before.empty() ? "~" : before, limit));
  return ReadDeliveries(rows);
}

absl::StatusOr<std::optional<Delivery>> DeliveryStore::Resend(sql::Transaction& transaction,
                                                              absl::string_view id,
                                                              absl::Time now) {
  RETURN_IF_ERROR(transaction
                      .Execute(absl::StrCat("UPDATE deliveries SET state = 1, attempt = 0, "
                                            "error = '', due_time = $2 WHERE id = $1 AND ",
                                            kGivenUp),
                               id, ToMicros(now))
                      .status());
  return Get(transaction, id);
}

absl::StatusOr<int64_t> DeliveryStore::Prune(sql::Transaction& transaction,
                                             absl::string_view sent_before,
                                             absl::string_view given_up_before, int limit) {
  return transaction.Execute(
      absl::StrCat("DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE id < $1 "
                   "AND (state = 3 OR (",
                   kGivenUp, " AND id < $2)) ORDER BY id LIMIT $3)"),
      sent_before, given_up_before, limit);
}

}  // namespace veche::notifications
