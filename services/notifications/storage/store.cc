#include "services/notifications/storage/store.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/base/texts.h"
#include "common/sql/columns.h"
#include "common/sql/insert_rows.h"
#include "services/notifications/domain/contact_notice.h"
#include "services/notifications/storage/numbers.h"

namespace veche::notifications {
namespace {

template <auto kMember>
constexpr sql::Column<Notice> NoticeField(absl::string_view name) {
  return sql::MemberColumn<Notice, kMember>(name);
}

constexpr absl::string_view kSeparator = " ";  // of lists; no name has one

// Without the event, which is only there to find repeats. The columns after is_read are of the
// table subjects.
constexpr sql::Column<Notice> kNotices[] = {
    NoticeField<&Notice::seq>("seq"),
    NoticeField<&Notice::recipient>("recipient"),
    NoticeField<&Notice::type>("type"),
    NoticeField<&Notice::subject>("appeal"),
    NoticeField<&Notice::number>("number"),
    NoticeField<&Notice::state>("state"),
    NoticeField<&Notice::create_time>("create_time"),
    NoticeField<&Notice::read>("is_read"),
};

// The columns of titles follow the order of kLanguages.
std::string TitleColumns(absl::string_view prefix) {
  return absl::StrJoin(kLanguages, ", ", [&](std::string* out, absl::string_view language) {
    absl::StrAppend(out, prefix, language);
  });
}

std::string SelectNotices(absl::string_view rest) {
  return absl::StrCat("SELECT ", sql::ColumnList(kNotices, "n."), ", ", TitleColumns("s.title_"),
                      " FROM notifications n LEFT JOIN subjects s ON s.subject = n.appeal ", rest);
}

Titles ReadTitles(const sql::Row& row, size_t position) {
  Titles titles;
  if (row.IsNull(position)) return titles;
  for (const absl::string_view language : kLanguages) {
    titles.emplace(language, row.Text(position++));
  }
  return titles;
}

std::vector<Notice> ToNotices(const std::vector<sql::Row>& rows) {
  std::vector<Notice> notices;
  notices.reserve(rows.size());
  for (const sql::Row& row : rows) {
    notices.push_back(sql::ReadObject(kNotices, row));
    notices.back().titles = ReadTitles(row, std::size(kNotices));
  }
  return notices;
}

template <auto... kPath>
constexpr sql::Column<QueuedNews> QueuedField(absl::string_view name) {
  return sql::MemberColumn<QueuedNews, kPath...>(name);
}
// A column that has a list of names.
template <auto... kPath>
constexpr sql::Column<QueuedNews> QueuedList(absl::string_view name) {
  return {name,
          [](const QueuedNews& queued) {
            return sql::Value(absl::StrJoin(sql::Member<kPath...>(queued), kSeparator));
          },
          [](const sql::Row& row, size_t position, QueuedNews& queued) {
            sql::Member<kPath...>(queued) =
                absl::StrSplit(row.Text(position), kSeparator, absl::SkipEmpty());
          }};
}

constexpr sql::Column<QueuedNews> kFanOuts[] = {
    QueuedField<&QueuedNews::news, &News::id>("event"),
    QueuedField<&QueuedNews::news, &News::type>("type"),
    QueuedField<&QueuedNews::news, &News::subject>("appeal"),
    QueuedField<&QueuedNews::news, &News::number>("number"),
    QueuedField<&QueuedNews::news, &News::state>("state"),
    QueuedList<&QueuedNews::news, &News::residents>("author"),
    QueuedField<&QueuedNews::news, &News::actor>("actor"),
    QueuedField<&QueuedNews::news, &News::audience>("audience"),
    QueuedList<&QueuedNews::news, &News::districts>("districts"),
    QueuedField<&QueuedNews::news, &News::time>("time"),
    QueuedField<&QueuedNews::position>("last_recipient"),
};

// Writes a notice for each resident who has none of this event yet.
absl::Status InsertNotices(sql::Transaction& transaction, const News& news,
                           absl::Span<const std::string> residents) {
  if (residents.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(int64_t seq, ReserveNumbers(transaction, residents.size()));
  constexpr size_t kColumns = 8;
  std::vector<sql::Value> values;
  values.reserve(residents.size() * kColumns);
  for (const std::string& resident : residents) {
    values.insert(values.end(), {++seq, news.id, resident, news.type, news.subject, news.number,
                                 news.state, ToMicros(news.time)});
  }
  return sql::InsertRows(transaction,
                         "INSERT INTO notifications (seq, event, recipient, type, appeal, number, "
                         "state, create_time)",
                         kColumns, std::move(values), " ON CONFLICT (event, recipient) DO NOTHING");
}

// Locks the news, so that two workers do not write the same page; changes nothing. Nullopt when
// they are not queued any more.
absl::StatusOr<std::optional<QueuedNews>> LockQueued(sql::Transaction& transaction,
                                                     absl::string_view event) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query(absl::StrCat("UPDATE fan_outs SET type = type WHERE event = $1 RETURNING ",
                                     sql::ColumnList(kFanOuts)),
                        event));
  if (rows.empty()) return std::nullopt;
  return sql::ReadObject(kFanOuts, rows[0]);
}

// Whether an earlier event of the same subject is queued.
absl::StatusOr<bool> MustWait(sql::Transaction& transaction, const News& news) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query("SELECT event FROM fan_outs WHERE appeal = $1 "
                                     "AND event < $2 LIMIT 1",
                                     news.subject, news.id));
  return !rows.empty();
}

// Writes a page and moves the position to `end`, or ends the fan-out when `last`.
absl::Status WritePage(sql::Transaction& transaction, const QueuedNews& queued,
                       absl::Span<const std::string> residents, absl::string_view end, bool last) {
  const News& news = queued.news;
  std::vector<std::string> recipients;
  if (queued.position.empty()) recipients = news.residents;
  for (const std::string& resident : residents) {
    if (!absl::c_linear_search(news.residents, resident)) recipients.push_back(resident);
  }
  recipients.erase(std::remove(recipients.begin(), recipients.end(), news.actor), recipients.end());
  RETURN_IF_ERROR(InsertNotices(transaction, news, recipients));
  if (last) {
    return transaction.Execute("DELETE FROM fan_outs WHERE event = $1", news.id).status();
  }
  return transaction
      .Execute("UPDATE fan_outs SET last_recipient = $2 WHERE event = $1", news.id, end)
      .status();
}

absl::Status StoreTitles(sql::Transaction& transaction, const News& news) {
  static const std::string& upsert = *new std::string(absl::StrCat(
      "INSERT INTO subjects (subject, ", TitleColumns("title_"),
      ", time) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (subject) DO UPDATE SET ",
      absl::StrJoin(kLanguages, ", ",
                    [](std::string* out, absl::string_view language) {
                      absl::StrAppend(out, "title_", language, " = excluded.title_", language);
                    }),
      ", time = excluded.time"));
  std::vector<sql::Value> values = {news.subject};
  for (const absl::string_view language : kLanguages) {
    values.emplace_back(TitleIn(news.titles, language));
  }
  values.emplace_back(ToMicros(news.time));
  return transaction.ExecuteWith(upsert, values).status();
}

}  // namespace

absl::Status Store::Follow(sql::Transaction& transaction, absl::string_view subject,
                           absl::string_view resident, absl::Time since) {
  return transaction
      .Execute(
          "INSERT INTO follows (appeal, resident, follower, supporter, since) "
          "VALUES ($1, $2, TRUE, FALSE, $3) "
          "ON CONFLICT (appeal, resident) DO UPDATE SET follower = TRUE",
          subject, resident, ToMicros(since))
      .status();
}

absl::Status Store::Support(sql::Transaction& transaction, absl::string_view subject,
                            absl::string_view resident, absl::Time since) {
  return transaction
      .Execute(
          "INSERT INTO follows (appeal, resident, follower, supporter, since) "
          "VALUES ($1, $2, FALSE, TRUE, $3) "
          "ON CONFLICT (appeal, resident) DO UPDATE SET supporter = TRUE",
          subject, resident, ToMicros(since))
      .status();
}

absl::Status Store::Unsupport(sql::Transaction& transaction, absl::string_view subject,
                              absl::string_view resident) {
  RETURN_IF_ERROR(
      transaction
          .Execute("UPDATE follows SET supporter = FALSE WHERE appeal = $1 AND resident = $2",
                   subject, resident)
          .status());
  return transaction
      .Execute("DELETE FROM follows WHERE appeal = $1 AND resident = $2 AND NOT follower", subject,
               resident)
      .status();
}

absl::Status Store::Unfollow(sql::Transaction& transaction, absl::string_view subject,
                             absl::string_view resident) {
  return transaction
      .Execute("DELETE FROM follows WHERE appeal = $1 AND resident = $2", subject, resident)
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

absl::Status Store::Enqueue(sql::Transaction& transaction, const News& news) {
  if (!news.titles.empty()) RETURN_IF_ERROR(StoreTitles(transaction, news));
  return transaction
      .ExecuteWith(absl::StrCat(sql::InsertStatement("fan_outs", kFanOuts),
                                " ON CONFLICT (event) DO NOTHING"),
                   sql::ColumnValues(kFanOuts, {.news = news, .position = ""}))
      .status();
}

absl::StatusOr<bool> Store::DeliverPage(sql::Transaction& transaction, absl::string_view id,
                                        int limit) {
  ASSIGN_OR_RETURN(const std::optional<QueuedNews> queued, LockQueued(transaction, id));
  if (!queued) return true;
  const News& news = queued->news;
  ASSIGN_OR_RETURN(const bool wait, MustWait(transaction, news));
  if (wait) return false;
  if (news.audience == Audience::kNobodyElse) {
    RETURN_IF_ERROR(WritePage(transaction, *queued, {}, "", /*last=*/true));
    return true;
  }
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query("SELECT resident, since FROM follows WHERE appeal = $1 "
                                     "AND resident > $2 ORDER BY resident LIMIT $3",
                                     news.subject, queued->position, limit));
  std::vector<std::string> followers;
  for (const sql::Row& row : rows) {
    if (FromMicros(row.Int(1)) <= news.time) followers.push_back(row.Text(0));
  }
  const bool last = rows.size() < static_cast<size_t>(limit);
  RETURN_IF_ERROR(
      WritePage(transaction, *queued, followers, last ? "" : rows.back().Text(0), last));
  return last;
}

absl::Status Store::DeliverTo(sql::Transaction& transaction, absl::string_view event,
                              absl::string_view after, absl::Span<const std::string> residents,
                              bool last) {
  ASSIGN_OR_RETURN(const std::optional<QueuedNews> queued, LockQueued(transaction, event));
  if (!queued || queued->position != after) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool wait, MustWait(transaction, queued->news));
  if (wait) return absl::OkStatus();
  return WritePage(transaction, *queued, residents, last ? "" : residents.back(), last);
}

absl::Status Store::AddReceipt(sql::Transaction& transaction, const News& news,
                               absl::string_view resident) {
  const std::string recipient = ContactAlone(resident);
  return InsertNotices(transaction, news, absl::MakeSpan(&recipient, 1));
}

absl::StatusOr<std::vector<QueuedNews>> Store::ListQueued(sql::Transaction& transaction,
                                                          Audience audience, int limit) {
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.Query(absl::StrCat("SELECT ", sql::ColumnList(kFanOuts),
                                     " FROM fan_outs WHERE audience = $1 ORDER BY event LIMIT $2"),
                        static_cast<int>(audience), limit));
  std::vector<QueuedNews> queued;
  queued.reserve(rows.size());
  for (const sql::Row& row : rows) queued.push_back(sql::ReadObject(kFanOuts, row));
  return queued;
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
                                                        int64_t after, int64_t last) {
  ASSIGN_OR_RETURN(
      std::vector<sql::Row> rows,
      transaction.Query(SelectNotices("WHERE seq > $1 AND seq <= $2 ORDER BY seq"), after, last));
  return ToNotices(rows);
}

absl::StatusOr<std::vector<Notice>> Store::GetMany(sql::Transaction& transaction,
                                                   absl::Span<const int64_t> seqs) {
  static const std::string& statement = *new std::string(SelectNotices("WHERE seq = $1"));
  std::vector<sql::Row> rows;
  for (const int64_t seq : seqs) {
    ASSIGN_OR_RETURN(std::vector<sql::Row> found, transaction.Query(statement, seq));
    std::move(found.begin(), found.end(), std::back_inserter(rows));
  }
  return ToNotices(rows);
}

absl::StatusOr<int64_t> Store::Newest(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query("SELECT value FROM counters WHERE name = 'notifications'"));
  return rows.at(0).Int(0);
}

absl::StatusOr<int64_t> Store::CountUnread(sql::Transaction& transaction,
                                           absl::string_view recipient, int64_t most) {
  ASSIGN_OR_RETURN(std::vector<sql::Row> rows,
                   transaction.Query("SELECT COUNT(*) FROM (SELECT seq FROM notifications "
                                     "WHERE recipient = $1 AND NOT is_read LIMIT $2) AS unread",
                                     recipient, most));
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
  RETURN_IF_ERROR(
      transaction.Execute("DELETE FROM notifications WHERE create_time < $1", ToMicros(before))
          .status());
  // No notice of a subject is younger than its newest event.
  return transaction.Execute("DELETE FROM subjects WHERE time < $1", ToMicros(before)).status();
}

}  // namespace veche::notifications
