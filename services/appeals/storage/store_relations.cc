#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/domain/names.h"
#include "services/appeals/storage/appeal_row.h"
#include "services/appeals/storage/attachment_rows.h"
#include "services/appeals/storage/statement.h"
#include "services/appeals/storage/store.h"

// Supporters and followers, and merging, which moves them to the other appeal.

namespace veche::appeals {
namespace {

constexpr int kLongestChain = 64;
constexpr size_t kResidentsAtOnce = 256;

absl::Status InsertRelation(sql::Transaction& transaction, int64_t appeal,
                            absl::string_view resident, RelationKind kind) {
  return transaction
      .Execute(
          "INSERT INTO ties (appeal, resident, kind) VALUES ($1, $2, $3) "
          "ON CONFLICT (appeal, resident, kind) DO NOTHING",
          appeal, resident, static_cast<int>(kind))
      .status();
}

// The last appeal of the chain that begins at `id`.
absl::StatusOr<std::string> EndOfChain(sql::Transaction& transaction, std::string id) {
  for (int i = 0; i < kLongestChain; ++i) {
    ASSIGN_OR_RETURN(auto rows,
                     transaction.Query("SELECT merged_into FROM appeals WHERE ord = $1 AND id = $2",
                                       TimeKey(id), id));
    if (rows.empty()) return AppealNotFound(AppealName(id));
    if (rows[0].Text(0).empty()) return id;
    id = rows[0].Text(0);
  }
  return MergeCycle();
}

// Supporters and followers of `from` become those of `to`; the author of `from` becomes both.
absl::Status CarryRelations(sql::Transaction& transaction, const Appeal& from, Appeal& to) {
  RETURN_IF_ERROR(transaction
                      .Execute("INSERT INTO ties (appeal, resident, kind) "
                               "SELECT $1, resident, kind FROM ties WHERE appeal = $2 "
                               "ON CONFLICT (appeal, resident, kind) DO NOTHING",
                               TimeKey(to.id), TimeKey(from.id))
                      .status());
  if (!from.author.empty() && from.author != to.author) {
    RETURN_IF_ERROR(
        InsertRelation(transaction, TimeKey(to.id), from.author, RelationKind::kSupport));
    RETURN_IF_ERROR(
        InsertRelation(transaction, TimeKey(to.id), from.author, RelationKind::kFollow));
  }
  ASSIGN_OR_RETURN(auto rows,
                   transaction.Query("SELECT COUNT(*) FROM ties WHERE appeal = $1 AND kind = $2",
                                     TimeKey(to.id), static_cast<int>(RelationKind::kSupport)));
  to.supporter_count = rows[0].Int(0);
  return absl::OkStatus();
}

EventType EventOf(RelationKind kind, bool on) {
  if (kind == RelationKind::kSupport) return on ? EventType::kSupported : EventType::kUnsupported;
  return on ? EventType::kFollowed : EventType::kUnfollowed;
}

void Add(RelationKind kind, Relations& relations) {
  (kind == RelationKind::kSupport ? relations.supports : relations.follows) = true;
}

}  // namespace

absl::StatusOr<Appeal> Store::Merge(sql::Transaction& transaction, absl::string_view id,
                                    absl::string_view into, MergeFunction change) {
  ASSIGN_OR_RETURN(const std::string end, EndOfChain(transaction, std::string(into)));
  if (end == id) return MergeCycle();
  // Always in the same order, so that two merges never wait for each other.
  const bool repeat_first = id < end;
  ASSIGN_OR_RETURN(Appeal first, Lock(transaction, repeat_first ? id : end));
  ASSIGN_OR_RETURN(Appeal second, Lock(transaction, repeat_first ? absl::string_view(end) : id));
  const Appeal repeat_before = repeat_first ? first : second;
  const Appeal target_before = repeat_first ? second : first;
  Appeal repeat = repeat_before;
  Appeal target = target_before;
  Record repeat_record, target_record;
  RETURN_IF_ERROR(change(repeat, target, repeat_record, target_record));
  RETURN_IF_ERROR(CarryRelations(transaction, repeat, target));
  RETURN_IF_ERROR(Save(transaction, repeat_before, repeat, repeat_record));
  RETURN_IF_ERROR(Save(transaction, target_before, target, target_record));
  RETURN_IF_ERROR(FillAttachments(transaction, repeat));
  return repeat;
}

absl::StatusOr<Appeal> Store::SetRelation(sql::Transaction& transaction, absl::string_view id,
                                          RelationKind kind, bool on, const Actor& resident,
                                          CheckFunction check) {
  // Writing the row unchanged locks it, so that counting and merging wait for each other.
  static const std::string& lock = *new std::string(
      absl::StrCat("UPDATE appeals AS a SET supporter_count = a.supporter_count WHERE a.ord = $1 "
                   "AND a.id = $2 RETURNING ",
                   AppealColumnList()));
  ASSIGN_OR_RETURN(auto rows, transaction.Query(lock, TimeKey(id), id));
  if (rows.empty()) return AppealNotFound(AppealName(id));
  Appeal appeal = ReadAppeal(rows[0]);
  RETURN_IF_ERROR(check(appeal));
  ASSIGN_OR_RETURN(
      int64_t changed,
      transaction.Execute(on ? "INSERT INTO ties (appeal, resident, kind) VALUES ($1, $2, $3) "
                               "ON CONFLICT (appeal, resident, kind) DO NOTHING"
                             : "DELETE FROM ties WHERE appeal = $1 AND resident = $2 AND kind = $3",
                          TimeKey(id), resident.name, static_cast<int>(kind)));
  if (changed != 0) {
    const Appeal before = appeal;
    if (kind == RelationKind::kSupport) appeal.supporter_count += on ? 1 : -1;
    Record record;
    record.events.push_back({EventOf(kind, on), resident.name, ""});
    RETURN_IF_ERROR(Save(transaction, before, appeal, record));
  }
  RETURN_IF_ERROR(FillAttachments(transaction, appeal));
  return appeal;
}

absl::StatusOr<std::vector<Relations>> Store::GetRelations(absl::string_view resident,
                                                           absl::Span<const std::string> ids) {
  std::vector<Relations> relations(ids.size());
  if (ids.empty() || resident.empty()) return relations;
  std::vector<sql::Value> keys;
  absl::flat_hash_map<int64_t, size_t> index;
  for (size_t i = 0; i < ids.size(); ++i) {
    keys.emplace_back(TimeKey(ids[i]));
    index[TimeKey(ids[i])] = i;
  }
  Statement statement("SELECT appeal, kind FROM ties");
  statement.And("resident", "=", resident).AndIn("appeal", PadToPowerOfTwo(std::move(keys)));
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
    for (const sql::Row& row : rows) {
      auto it = index.find(row.Int(0));
      if (it == index.end()) continue;
      Add(static_cast<RelationKind>(row.Int(1)), relations[it->second]);
    }
    return absl::OkStatus();
  }));
  return relations;
}

absl::StatusOr<absl::flat_hash_map<std::string, Relations>> Store::GetRelationsOf(
    absl::string_view appeal, absl::Span<const std::string> residents) {
  absl::flat_hash_map<std::string, Relations> relations;
  for (; !residents.empty();
       residents.remove_prefix(std::min(residents.size(), kResidentsAtOnce))) {
    const auto some = residents.subspan(0, kResidentsAtOnce);
    std::vector<sql::Value> names(some.begin(), some.end());
    Statement statement("SELECT resident, kind FROM ties");
    statement.And("appeal", "=", TimeKey(appeal))
        .AndIn("resident", PadToPowerOfTwo(std::move(names)));
    RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
      for (const sql::Row& row : rows) {
        Add(static_cast<RelationKind>(row.Int(1)), relations[row.Text(0)]);
      }
      return absl::OkStatus();
    }));
  }
  return relations;
}

}  // namespace veche::appeals
