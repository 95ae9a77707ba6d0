#include "services/notifications/storage/feed_store.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "services/notifications/domain/alert.h"
#include "services/notifications/domain/notice.h"
#include "services/notifications/storage/in_list.h"
#include "services/notifications/storage/numbers.h"

namespace veche::notifications {
namespace {

constexpr char kWholeCity[] = "*";  // in alert_targets.district
// SQLite takes 500 selects in one statement.
constexpr size_t kListsAtOnce = 100;

// A list of numbers in alert_targets; of all topics when `topic` is empty.
struct TargetList {
  absl::string_view topic;
  absl::string_view district;
};

std::vector<TargetList> ListsOf(const Interest& interest) {
  std::vector<absl::string_view> districts(interest.districts.begin(), interest.districts.end());
  districts.emplace_back(kWholeCity);
  std::vector<TargetList> lists;
  for (const absl::string_view district : districts) {
    if (interest.topics.empty()) lists.push_back({"", district});
    for (const std::string& topic : interest.topics) {
      if (Includes(interest, topic)) lists.push_back({topic, district});
    }
  }
  return lists;
}

// The first numbers of each list, in one statement.
absl::Status ReadLists(sql::Transaction& transaction, absl::Span<const TargetList> lists,
                       const PostQuery& query, std::vector<int64_t>& seqs) {
  std::vector<sql::Value> values = {query.above, query.below, query.limit};
  std::string statement;
  for (size_t i = 0; i < lists.size(); ++i) {
    absl::StrAppend(&statement, i == 0 ? "" : " UNION ALL ",
                    "SELECT seq FROM (SELECT seq FROM alert_targets WHERE ");
    if (!lists[i].topic.empty()) {
      values.emplace_back(lists[i].topic);
      absl::StrAppend(&statement, "topic = $", values.size(), " AND ");
    }
    values.emplace_back(lists[i].district);
    absl::StrAppend(&statement, "district = $", values.size(),
                    " AND seq > $1 AND seq < $2 ORDER BY seq ", query.newest_first ? "DESC" : "ASC",
                    " LIMIT $3) AS list", i);
  }
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows, transaction.QueryWith(statement, values));
  for (const sql::Row& row : rows) seqs.push_back(row.Int(0));
  return absl::OkStatus();
}

// Leaves out the posts of muted topics, which the lists of every topic have.
absl::StatusOr<std::vector<int64_t>> WithoutMuted(sql::Transaction& transaction,
                                                  const Interest& interest,
                                                  std::vector<int64_t> seqs) {
  if (!interest.topics.empty() || interest.muted.empty() || seqs.empty()) return seqs;
  const InList list({}, absl::MakeConstSpan(seqs));
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.QueryWith(
          absl::StrCat("SELECT seq, topic FROM alert_posts WHERE seq IN ", list.text()),
          list.values()));
  absl::flat_hash_map<int64_t, std::string> topics;
  for (const sql::Row& row : rows) topics[row.Int(0)] = row.Text(1);
  seqs.erase(std::remove_if(seqs.begin(), seqs.end(),
                            [&](int64_t seq) { return !Includes(interest, topics[seq]); }),
             seqs.end());
  return seqs;
}

void SortAndCut(const PostQuery& query, std::vector<int64_t>& seqs) {
  if (query.newest_first) {
    std::sort(seqs.begin(), seqs.end(), std::greater<>());
  } else {
    std::sort(seqs.begin(), seqs.end());
  }
  seqs.erase(std::unique(seqs.begin(), seqs.end()), seqs.end());
  if (seqs.size() > static_cast<size_t>(query.limit)) seqs.resize(query.limit);
}

Marking ToMarking(const sql::Row& row) {
  Marking marking{.seq = row.Int(0),
                  .resident = row.Text(1),
                  .unread = row.Int(3),
                  .create_time = FromMicros(row.Int(4))};
  for (const absl::string_view seq : absl::StrSplit(row.Text(2), ' ', absl::SkipEmpty())) {
    int64_t number = 0;
    if (absl::SimpleAtoi(seq, &number)) marking.seqs.push_back(number);
  }
  return marking;
}

}  // namespace

absl::StatusOr<std::vector<int64_t>> FeedStore::ListPosts(sql::Transaction& transaction,
                                                          const Interest& interest,
                                                          const PostQuery& query) {
  const std::vector<TargetList> lists = ListsOf(interest);
  std::vector<int64_t> found;
  PostQuery next = query;
  for (;;) {
    std::vector<int64_t> seqs;
    for (size_t begin = 0; begin < lists.size(); begin += kListsAtOnce) {
      const auto some = absl::MakeConstSpan(lists).subspan(begin, kListsAtOnce);
      RETURN_IF_ERROR(ReadLists(transaction, some, next, seqs));
    }
    SortAndCut(query, seqs);
    const bool last = seqs.size() < static_cast<size_t>(query.limit);
    if (!seqs.empty()) (query.newest_first ? next.below : next.above) = seqs.back();
    ASSIGN_OR_RETURN(seqs, WithoutMuted(transaction, interest, std::move(seqs)));
    found.insert(found.end(), seqs.begin(), seqs.end());
    if (last || found.size() >= static_cast<size_t>(query.limit)) break;
  }
  if (found.size() > static_cast<size_t>(query.limit)) found.resize(query.limit);
  return found;
}

absl::StatusOr<std::vector<PostState>> FeedStore::GetStates(sql::Transaction& transaction,
                                                            absl::string_view subscriber,
                                                            absl::Span<const int64_t> seqs,
                                                            absl::Time now) {
  std::vector<PostState> states;
  if (seqs.empty()) return states;
  const InList list({subscriber}, seqs);
  ASSIGN_OR_RETURN(
      const std::vector<sql::Row> rows,
      transaction.QueryWith(
          absl::StrCat("SELECT p.seq, p.topic, a.seq, a.state, a.expire_time, r.seq, "
                       "p.create_time "
                       "FROM alert_posts p JOIN alerts a ON a.id = p.alert "
                       "LEFT JOIN alert_reads r ON r.subscriber = $1 AND r.seq = p.seq "
                       "WHERE p.seq IN ",
                       list.text()),
          list.values()));
  absl::flat_hash_map<int64_t, PostState> found;
  for (const sql::Row& row : rows) {
    const auto state = static_cast<AlertState>(row.Int(3));
    const bool old = FromMicros(row.Int(6)) < now - kNoticesKept;
    const bool expired = !row.IsNull(4) && FromMicros(row.Int(4)) <= now;
    found[row.Int(0)] = {
        .seq = row.Int(0),
        .topic = row.Text(1),
        .current = row.Int(0) == row.Int(2) && state != AlertState::kSuperseded,
        .over = old || expired || state == AlertState::kExpired || state == AlertState::kCancelled,
        .read = !row.IsNull(5)};
  }
  for (const int64_t seq : seqs) {
    const auto state = found.find(seq);
    if (state != found.end()) states.push_back(state->second);
  }
  return states;
}

absl::Status FeedStore::MarkRead(sql::Transaction& transaction, absl::string_view resident,
                                 absl::Span<const int64_t> seqs) {
  if (seqs.empty()) return absl::OkStatus();
  const InList list({resident}, seqs);
  return transaction
      .ExecuteWith(absl::StrCat("INSERT INTO alert_reads (subscriber, seq) "
                                "SELECT CAST($1 AS TEXT), seq FROM alert_posts WHERE seq IN ",
                                list.text(), " ON CONFLICT (subscriber, seq) DO NOTHING"),
                   list.values())
      .status();
}

absl::Status FeedStore::MarkAllRead(sql::Transaction& transaction, absl::string_view resident) {
  RETURN_IF_ERROR(transaction
                      .Execute("UPDATE subscriptions SET read_through = (SELECT value FROM "
                               "counters WHERE name = 'notifications') WHERE subscriber = $1",
                               resident)
                      .status());
  return transaction.Execute("DELETE FROM alert_reads WHERE subscriber = $1", resident).status();
}

absl::Status FeedStore::AddMarking(sql::Transaction& transaction, const Marking& marking) {
  ASSIGN_OR_RETURN(const int64_t before, ReserveNumbers(transaction, 1));
  return transaction
      .Execute(
          "INSERT INTO markings (seq, resident, seqs, unread, create_time) "
          "VALUES ($1, $2, $3, $4, $5)",
          before + 1, marking.resident, absl::StrJoin(marking.seqs, " "), marking.unread,
          ToMicros(marking.create_time))
      .status();
}

absl::StatusOr<std::vector<Marking>> FeedStore::ListMarkings(sql::Transaction& transaction,
                                                             absl::string_view resident,
                                                             int64_t after, int64_t last,
                                                             int limit) {
  constexpr char kSelect[] = "SELECT seq, resident, seqs, unread, create_time FROM markings WHERE ";
  constexpr char kRange[] = "seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3";
  const auto rows = resident.empty()
                        ? transaction.Query(absl::StrCat(kSelect, kRange), after, last, limit)
                        : transaction.Query(absl::StrCat(kSelect, "resident = $4 AND ", kRange),
                                            after, last, limit, resident);
  RETURN_IF_ERROR(rows.status());
  std::vector<Marking> markings;
  for (const sql::Row& row : *rows) markings.push_back(ToMarking(row));
  return markings;
}

absl::Status FeedStore::Prune(sql::Transaction& transaction, absl::Time before) {
  RETURN_IF_ERROR(transaction
                      .Execute("DELETE FROM alert_reads WHERE seq < (SELECT MAX(seq) "
                               "FROM markings WHERE create_time < $1)",
                               ToMicros(before))
                      .status());
  return transaction.Execute("DELETE FROM markings WHERE create_time < $1", ToMicros(before))
      .status();
}

}  // namespace veche::notifications
