#include "services/notifications/storage/store.h"

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/sql/columns.h"

namespace veche::notifications {
namespace {

template <auto kMember>
constexpr sql::Column<Notice> NoticeField(absl::string_view name) {
  return sql::MemberColumn<Notice, kMember>(name);
}

// Without the event, which is only there to find repeats.
constexpr sql::Column<Notice> kNotices[] = {
    NoticeField<&Notice::seq>("seq"),
    NoticeField<&Notice::recipient>("recipient"),
    NoticeField<&Notice::type>("type"),
    NoticeField<&Notice::appeal>("appeal"),
    NoticeField<&Notice::number>("number"),
    NoticeField<&Notice::state>("state"),
    NoticeField<&Notice::create_time>("create_time"),
    NoticeField<&Notice::read>("is_read"),
};

std::string SelectNotices(absl::string_view rest) {
  return absl::StrCat("SELECT ", sql::ColumnList(kNotices), " FROM notifications ", rest);
}

std::vector<Notice> ToNotices(const std::vector<sql::Row>& rows) {
  std::vector<Notice> notices;
  notices.reserve(rows.size());
  for (const sql::Row& row : rows) notices.push_back(sql::ReadObject(kNotices, row));
  return notices;
}

// A queued event, and the last follower whose notice is written; "" for none.
struct FanOut {
  AppealEvent event;
  std::string last_recipient;
};

template <auto... kPath>
constexpr sql::Column<FanOut> FanOutField(absl::string_view name) {
  return sql::MemberColumn<FanOut, kPath...>(name);
}

// Without merged_into, which the notices do not show.
constexpr sql::Column<FanOut> kFanOuts[] = {
    FanOutField<&FanOut::event, &AppealEvent::id>("event"),
    FanOutField<&FanOut::event, &AppealEvent::type>("type"),
    FanOutField<&FanOut::event, &AppealEvent::appeal>("appeal"),
    FanOutField<&FanOut::event, &AppealEvent::number>("number"),
    FanOutField<&FanOut::event, &AppealEvent::state>("state"),
    FanOutField<&FanOut::event, &AppealEvent::author>("author"),
    FanOutField<&FanOut::event, &AppealEvent::actor>("actor"),
    FanOutField<&FanOut::event, &AppealEvent::time>("time"),
    FanOutField<&FanOut::last_recipient>("last_recipient"),
};

// Reserves the next `count` numbers and locks the counter until the transaction ends. Returns the
// number before the first of them.
absl::StatusOr<int64_t> ReserveNumbers(sql::Transaction& transaction, int64_t count) {
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query("UPDATE counters SET value = value + $1 "
                                     "WHERE name = 'notifications' RETURNING value",
                                     count));
  return rows.at(0).Int(0) - count;
}

absl::Status InsertForAuthor(sql::Transaction& transaction, const AppealEvent& event) {
  if (event.author.empty() || event.author == event.actor) return absl::OkStatus();
  ASSIGN_OR_RETURN(const int64_t before, ReserveNumbers(transaction, 1));
  return transaction
      .Execute(
          "INSERT INTO notifications (seq, event, recipient, type, appeal, number, state, "
          "create_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
          "ON CONFLICT (event, recipient) DO NOTHING",
          before + 1, event.id, event.author, event.type, event.appeal, event.number, event.state,
          ToMicros(event.time))
      .status();
}

// Writes the notices of the followers after `after`, up to `last`, in one statement.
absl::Status InsertForFollowers(sql::Transaction& transaction, const AppealEvent& event,
                                absl::string_view after, absl::string_view last, int64_t count) {
  ASSIGN_OR_RETURN(const int64_t before, ReserveNumbers(transaction, count));
  return transaction
      .Execute(
          "INSERT INTO notifications (seq, event, recipient, type, appeal, number, state, "
          "create_time) SELECT CAST($1 AS BIGINT) + row_number() OVER (ORDER BY resident), "
          "CAST($2 AS TEXT), resident, CAST($3 AS TEXT), appeal, CAST($4 AS TEXT), "
          "CAST($5 AS TEXT), CAST($6 AS BIGINT) FROM follows "
          "WHERE appeal = $7 AND resident > $8 AND resident <= $9 AND since <= $6 "
          "AND resident <> $10 AND resident <> $11 ON CONFLICT (event, recipient) DO NOTHING",
          before, event.id, event.type, event.number, event.state, ToMicros(event.time),
          event.appeal, after, last, event.actor, event.author)
      .status();
}

}  // namespace

absl::Status Store::Follow(sql::Transaction& transaction, absl::string_view appeal,
                           absl::string_view resident, absl::Time since) {
  return transaction
      .Execute(
          "INSERT INTO follows (appeal, resident, follower, supporter, since) "
          "VALUES ($1, $2, TRUE, FALSE, $3) "
          "ON CONFLICT (appeal, resident) DO UPDATE SET follower = TRUE",
          appeal, resident, ToMicros(since))
      .status();
}

absl::Status Store::Support(sql::Transaction& transaction, absl::string_view appeal,
                            absl::string_view resident, absl::Time since) {
  return transaction
      .Execute(
          "INSERT INTO follows (appeal, resident, follower, supporter, since) "
          "VALUES ($1, $2, FALSE, TRUE, $3) "
          "ON CONFLICT (appeal, resident) DO UPDATE SET supporter = TRUE",
          appeal, resident, ToMicros(since))
      .status();
}

absl::Status Store::Unsupport(sql::Transaction& transaction, absl::string_view appeal,
                              absl::string_view resident) {
  RETURN_IF_ERROR(
      transaction
          .Execute("UPDATE follows SET supporter = FALSE WHERE appeal = $1 AND resident = $2",
                   appeal, resident)
          .status());
  return transaction
      .Execute("DELETE FROM follows WHERE appeal = $1 AND resident = $2 AND NOT follower", appeal,
               resident)
      .status();
}

absl::Status Store::Unfollow(sql::Transaction& transaction, absl::string_view appeal,
                             absl::string_view resident) {
  return transaction
      .Execute("DELETE FROM follows WHERE appeal = $1 AND resident = $2", appeal, resident)
      .status();
}

absl::Status Store::CopyFollowers(sql::Transaction& transaction, absl::string_view from,
                                  absl::string_view to, absl::Time since) {
  return transaction
      .Execute(
          "INSERT INTO follows (appeal, resident, follower, supporter, since) "
          "SELECT CAST($2 AS TEXT), resident, follower, supporter, CAST($3 AS BIGINT) "
          "FROM follows WHERE appeal = $1 ON CONFLICT (appeal, resident) DO UPDATE "
          "SET follower = follows.follower OR excluded.follower, "
          "supporter = follows.supporter OR excluded.supporter",
          from, to, ToMicros(since))
      .status();
}

absl::Status Store::Enqueue(sql::Transaction& transaction, const AppealEvent& event) {
  return transaction
      .ExecuteWith(absl::StrCat(sql::InsertStatement("fan_outs", kFanOuts),
                                " ON CONFLICT (event) DO NOTHING"),
                   sql::ColumnValues(kFanOuts, {.event = event, .last_recipient = ""}))
      .status();
}

absl::StatusOr<bool> Store::DeliverPage(sql::Transaction& transaction, absl::string_view id,
                                        int limit) {
  // Changes nothing but locks the row, so that two workers do not write the same page.
  ASSIGN_OR_RETURN(
      std::vector<sql::Row> rows,
      transaction.Query(absl::StrCat("UPDATE fan_outs SET type = type WHERE event = $1 RETURNING ",
                                     sql::ColumnList(kFanOuts)),
                        id));
  if (rows.empty()) return true;
  const FanOut fan_out = sql::ReadObject(kFanOuts, rows[0]);
  const AppealEvent& event = fan_out.event;
  ASSIGN_OR_RETURN(rows, transaction.Query("SELECT event FROM fan_outs WHERE appeal = $1 "
                                           "AND event < $2 LIMIT 1",
                                           event.appeal, id));
  if (!rows.empty()) return false;
  if (fan_out.last_recipient.empty()) RETURN_IF_ERROR(InsertForAuthor(transaction, event));

  ASSIGN_OR_RETURN(rows, transaction.Query("SELECT resident FROM follows WHERE appeal = $1 "
                                           "AND resident > $2 ORDER BY resident LIMIT $3",
                                           event.appeal, fan_out.last_recipient, limit));
  const auto count = static_cast<int64_t>(rows.size());
  if (count > 0) {
    RETURN_IF_ERROR(
        InsertForFollowers(transaction, event, fan_out.last_recipient, rows.back().Text(0), count));
  }
  if (count < limit) {
    RETURN_IF_ERROR(transaction.Execute("DELETE FROM fan_outs WHERE event = $1", id).status());
    return true;
  }
  RETURN_IF_ERROR(transaction
                      .Execute("UPDATE fan_outs SET last_recipient = $2 WHERE event = $1", id,
                               rows.back().Text(0))
                      .status());
  return false;
}

absl::StatusOr<std::vector<std::string>> Store::ListQueued(sql::Transaction& transaction,
                                                           int limit) {
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query("SELECT event FROM fan_outs ORDER BY event LIMIT $1", limit));
  std::vector<std::string> events;
  for (const sql::Row& row : rows) events.push_back(row.Text(0));
  return events;
}

absl::StatusOr<std::vector<Notice>> Store::List(sql::Transaction& transaction,
                                                absl::string_view recipient, int64_t before,
                                                bool unread, int limit) {
  // Two statements, so that each uses its own index.
  const std::string statement = SelectNotices(
      unread ? "WHERE recipient = $1 AND seq < $2 AND NOT is_read ORDER BY seq DESC LIMIT $3"
             : "WHERE recipient = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3");
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query(statement, recipient, before, limit));
  return ToNotices(rows);
}

absl::StatusOr<std::vector<Notice>> Store::ListAfter(sql::Transaction& transaction,
                                                     absl::string_view recipient, int64_t after,
                                                     int64_t last, int limit) {
  ASSIGN_OR_RETURN(
      std::vector<sql::Row> rows,
      transaction.Query(
          SelectNotices("WHERE recipient = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4"),
          recipient, after, last, limit));
  return ToNotices(rows);
}

absl::StatusOr<std::vector<Notice>> Store::ListAllAfter(sql::Transaction& transaction,
                                                        int64_t after, int limit) {
  ASSIGN_OR_RETURN(
      std::vector<sql::Row> rows,
      transaction.Query(SelectNotices("WHERE seq > $1 ORDER BY seq LIMIT $2"), after, limit));
  return ToNotices(rows);
}

absl::StatusOr<int64_t> Store::Newest(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query("SELECT value FROM counters WHERE name = 'notifications'"));
  return rows.at(0).Int(0);
}

absl::StatusOr<int64_t> Store::CountUnread(sql::Transaction& transaction,
                                           absl::string_view recipient) {
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query("SELECT COUNT(*) FROM notifications "
                                     "WHERE recipient = $1 AND NOT is_read",
                                     recipient));
  return rows.at(0).Int(0);
}

absl::Status Store::MarkRead(sql::Transaction& transaction, absl::string_view recipient,
                             const std::vector<int64_t>& seqs) {
  for (int64_t seq : seqs) {
    RETURN_IF_ERROR(transaction
                        .Execute("UPDATE notifications SET is_read = TRUE "
                                 "WHERE seq = $1 AND recipient = $2",
                                 seq, recipient)
                        .status());
  }
  return absl::OkStatus();
}

absl::Status Store::MarkAllRead(sql::Transaction& transaction, absl::string_view recipient) {
  return transaction
      .Execute("UPDATE notifications SET is_read = TRUE WHERE recipient = $1 AND NOT is_read",
               recipient)
      .status();
}

absl::Status Store::Prune(sql::Transaction& transaction, absl::Time before) {
  return transaction.Execute("DELETE FROM notifications WHERE create_time < $1", ToMicros(before))
      .status();
}

}  // namespace veche::notifications
