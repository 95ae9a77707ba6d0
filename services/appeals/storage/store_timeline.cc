#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/attachment_rows.h"
#include "services/appeals/storage/store.h"
#include "services/appeals/storage/timeline_row.h"
#include "services/appeals/storage/wire_types.h"

// Timelines and messages.

namespace veche::appeals {
namespace {

using enum EntryType;

}  // namespace

absl::StatusOr<std::vector<Entry>> Store::GetTimeline(absl::string_view id) {
  std::vector<Entry> entries;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    entries.clear();
    ASSIGN_OR_RETURN(auto rows, transaction.Query(absl::StrCat("SELECT ", EntryColumnList(),
                                                               " FROM timeline WHERE appeal = $1 "
                                                               "ORDER BY entry"),
                                                  TimeKey(id)));
    for (const sql::Row& row : rows) entries.push_back(ReadEntry(row));
    return FillEntryAttachments(transaction, id, entries);
  }));
  return entries;
}

absl::StatusOr<std::vector<Entry>> Store::ListMessages(absl::string_view id, bool notes,
                                                       int64_t after, int limit) {
  std::vector<Entry> entries;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    entries.clear();
    ASSIGN_OR_RETURN(
        auto rows,
        transaction.Query(absl::StrCat("SELECT ", EntryColumnList(),
                                       " FROM timeline WHERE appeal = $1 AND entry > $2 AND "
                                       "type IN ($3, $4) ORDER BY entry LIMIT $5"),
                          TimeKey(id), after, EntryTypeName(kComment),
                          EntryTypeName(notes ? kNote : kComment), limit));
    for (const sql::Row& row : rows) entries.push_back(ReadEntry(row));
    return FillEntryAttachments(transaction, id, entries);
  }));
  return entries;
}

absl::StatusOr<EntryTotals> Store::CountMessages(sql::Transaction& transaction,
                                                 absl::string_view id) {
  ASSIGN_OR_RETURN(
      auto rows,
      transaction.Query("SELECT COUNT(*), COALESCE(SUM(LENGTH(comment)), 0) FROM timeline "
                        "WHERE appeal = $1 AND type IN ($2, $3)",
                        TimeKey(id), EntryTypeName(kComment), EntryTypeName(kNote)));
  return EntryTotals{rows[0].Int(0), rows[0].Int(1)};
}

absl::StatusOr<EntryTotals> Store::CountSteps(sql::Transaction& transaction, absl::string_view id) {
  ASSIGN_OR_RETURN(
      auto rows,
      transaction.Query("SELECT COUNT(*), COALESCE(SUM(LENGTH(comment)), 0) FROM timeline "
                        "WHERE appeal = $1 AND type NOT IN ($2, $3, $4)",
                        TimeKey(id), EntryTypeName(kComment), EntryTypeName(kNote),
                        EntryTypeName(kMergedFrom)));
  return EntryTotals{rows[0].Int(0), rows[0].Int(1)};
}

}  // namespace veche::appeals
