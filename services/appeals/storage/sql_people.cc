#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/domain/names.h"
#include "services/appeals/storage/sql_attachments.h"
#include "services/appeals/storage/sql_rows.h"
#include "services/appeals/storage/sql_statement.h"
#include "services/appeals/storage/sql_store.h"

// Supporters, followers, merging, timelines and messages.

namespace veche::appeals {
namespace {

constexpr int kLongestChain = 64;

absl::Status InsertTie(sql::Transaction& transaction, int64_t appeal, absl::string_view resident,
                       TieKind kind) {
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
                                       OrdOf(id), id));
    if (rows.empty()) return AppealNotFound(AppealName(id));
    if (rows[0].Text(0).empty()) return id;
    id = rows[0].Text(0);
  }
  return MergeCycle();
}

// Everyone tied to `from`, and its author as a supporter, is tied to `to`.
absl::Status CarryTies(sql::Transaction& transaction, const Appeal& from, Appeal& to) {
  RETURN_IF_ERROR(transaction
                      .Execute("INSERT INTO ties (appeal, resident, kind) "
                               "SELECT $1, resident, kind FROM ties WHERE appeal = $2 "
                               "ON CONFLICT (appeal, resident, kind) DO NOTHING",
                               OrdOf(to.id), OrdOf(from.id))
                      .status());
  if (!from.author.empty() && from.author != to.author) {
    RETURN_IF_ERROR(InsertTie(transaction, OrdOf(to.id), from.author, TieKind::kSupport));
    RETURN_IF_ERROR(InsertTie(transaction, OrdOf(to.id), from.author, TieKind::kFollow));
  }
  ASSIGN_OR_RETURN(auto rows,
                   transaction.Query("SELECT COUNT(*) FROM ties WHERE appeal = $1 AND kind = $2",
                                     OrdOf(to.id), static_cast<int>(TieKind::kSupport)));
  to.supporter_count = rows[0].Int(0);
  return absl::OkStatus();
}

absl::string_view EventOf(TieKind kind, bool on) {
  if (kind == TieKind::kSupport) return on ? "supported" : "unsupported";
  return on ? "followed" : "unfollowed";
}

}  // namespace

absl::StatusOr<Appeal> SqlStore::Merge(absl::string_view id, absl::string_view into,
                                       MergeFunction change, CommitHook hook) {
  Appeal merged;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
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
    RETURN_IF_ERROR(CarryTies(transaction, repeat, target));
    RETURN_IF_ERROR(Save(transaction, repeat_before, repeat, repeat_record));
    RETURN_IF_ERROR(Save(transaction, target_before, target, target_record));
    RETURN_IF_ERROR(FillAttachments(transaction, repeat));
    merged = repeat;
    return hook(transaction, merged);
  }));
  return merged;
}

absl::StatusOr<Appeal> SqlStore::SetTie(absl::string_view id, TieKind kind, bool on,
                                        const Actor& resident, CheckFunction check,
                                        CommitHook hook) {
  // Writing nothing new takes the row, so that counting and merging wait for each other.
  static const std::string& lock = *new std::string(
      absl::StrCat("UPDATE appeals AS a SET supporter_count = a.supporter_count WHERE a.ord = $1 "
                   "AND a.id = $2 RETURNING ",
                   absl::StrJoin(AppealColumns(), ", ")));
  Appeal appeal;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(auto rows, transaction.Query(lock, OrdOf(id), id));
    if (rows.empty()) return AppealNotFound(AppealName(id));
    appeal = ReadAppeal(rows[0]);
    RETURN_IF_ERROR(check(appeal));
    ASSIGN_OR_RETURN(int64_t changed,
                     transaction.Execute(
                         on ? "INSERT INTO ties (appeal, resident, kind) VALUES ($1, $2, $3) "
                              "ON CONFLICT (appeal, resident, kind) DO NOTHING"
                            : "DELETE FROM ties WHERE appeal = $1 AND resident = $2 AND kind = $3",
                         OrdOf(id), resident.name, static_cast<int>(kind)));
    if (changed != 0) {
      const Appeal before = appeal;
      if (kind == TieKind::kSupport) appeal.supporter_count += on ? 1 : -1;
      Record record;
      record.events.push_back({std::string(EventOf(kind, on)), resident.name, ""});
      RETURN_IF_ERROR(Save(transaction, before, appeal, record));
    }
    RETURN_IF_ERROR(FillAttachments(transaction, appeal));
    return hook(transaction, appeal);
  }));
  return appeal;
}

absl::StatusOr<std::vector<Ties>> SqlStore::GetTies(absl::string_view resident,
                                                    absl::Span<const std::string> ids) {
  std::vector<Ties> ties(ids.size());
  if (ids.empty() || resident.empty()) return ties;
  std::vector<sql::Value> ords;
  absl::flat_hash_map<int64_t, size_t> index;
  for (size_t i = 0; i < ids.size(); ++i) {
    ords.emplace_back(OrdOf(ids[i]));
    index[OrdOf(ids[i])] = i;
  }
  Statement statement("SELECT appeal, kind FROM ties");
  statement.And("resident", "=", resident).AndIn("appeal", PadToPowerOfTwo(std::move(ords)));
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
    for (const sql::Row& row : rows) {
      auto it = index.find(row.Int(0));
      if (it == index.end()) continue;
      Ties& of_appeal = ties[it->second];
      const bool support = static_cast<TieKind>(row.Int(1)) == TieKind::kSupport;
      (support ? of_appeal.supports : of_appeal.follows) = true;
    }
    return absl::OkStatus();
  }));
  return ties;
}

absl::StatusOr<std::vector<Entry>> SqlStore::GetTimeline(absl::string_view id) {
  std::vector<Entry> entries;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    entries.clear();
    ASSIGN_OR_RETURN(auto rows, transaction.Query(absl::StrCat("SELECT ", kEntryColumns,
                                                               " FROM timeline WHERE appeal = $1 "
                                                               "ORDER BY entry"),
                                                  OrdOf(id)));
    for (const sql::Row& row : rows) entries.push_back(ReadEntry(row));
    return FillEntryAttachments(transaction, id, entries);
  }));
  return entries;
}

absl::StatusOr<std::vector<Entry>> SqlStore::ListMessages(absl::string_view id, bool notes,
                                                          int64_t after, int limit) {
  std::vector<Entry> entries;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    entries.clear();
    ASSIGN_OR_RETURN(
        auto rows,
        transaction.Query(absl::StrCat("SELECT ", kEntryColumns,
                                       " FROM timeline WHERE appeal = $1 AND entry > $2 AND "
                                       "type IN ($3, $4) ORDER BY entry LIMIT $5"),
                          OrdOf(id), after, entry::kComment, notes ? entry::kNote : entry::kComment,
                          limit));
    for (const sql::Row& row : rows) entries.push_back(ReadEntry(row));
    return FillEntryAttachments(transaction, id, entries);
  }));
  return entries;
}

absl::StatusOr<EntryTotals> SqlStore::CountMessagesIn(sql::Transaction& transaction,
                                                      absl::string_view id) {
  ASSIGN_OR_RETURN(
      auto rows,
      transaction.Query("SELECT COUNT(*), COALESCE(SUM(LENGTH(comment)), 0) FROM timeline "
                        "WHERE appeal = $1 AND type IN ($2, $3)",
                        OrdOf(id), entry::kComment, entry::kNote));
  return EntryTotals{rows[0].Int(0), rows[0].Int(1)};
}

absl::StatusOr<EntryTotals> SqlStore::CountStepsIn(sql::Transaction& transaction,
                                                   absl::string_view id) {
  ASSIGN_OR_RETURN(
      auto rows,
      transaction.Query("SELECT COUNT(*), COALESCE(SUM(LENGTH(comment)), 0) FROM timeline "
                        "WHERE appeal = $1 AND type NOT IN ($2, $3, $4)",
                        OrdOf(id), entry::kComment, entry::kNote, entry::kMergedFrom));
  return EntryTotals{rows[0].Int(0), rows[0].Int(1)};
}

}  // namespace veche::appeals
