#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "services/polling/storage/initiative_row.h"
#include "services/polling/storage/initiative_store.h"
#include "services/polling/storage/select_statement.h"

namespace veche::polling {
namespace {

std::vector<Initiative> ReadAll(const std::vector<sql::Row>& rows) {
  std::vector<Initiative> initiatives;
  initiatives.reserve(rows.size());
  for (const sql::Row& row : rows) {
    initiatives.push_back(sql::ReadObject(kInitiativeColumns, row));
  }
  return initiatives;
}

}  // namespace

absl::StatusOr<std::vector<Initiative>> InitiativeStore::List(
    sql::Transaction& transaction, const InitiativeFilter& filter,
    const std::optional<InitiativePlace>& after, int limit) {
  SelectStatement statement(
      absl::StrCat("SELECT ", sql::ColumnList(kInitiativeColumns), " FROM initiatives"));
  if (!filter.author.empty()) {
    statement.And("author", "=", filter.author);
  } else {
    statement.And("published", "=", filter.published);
  }
  if (filter.state) statement.And("state", "=", static_cast<int>(*filter.state));
  if (!filter.district.empty()) statement.And("district", "=", filter.district);
  if (!filter.category.empty()) statement.And("category", "=", filter.category);
  if (after && filter.by_supporters) {
    const std::string count = statement.Bind(after->supporter_count);
    statement.And(
        absl::StrCat("(supporter_count, id) < (", count, ", ", statement.Bind(after->id), ")"));
  } else if (after) {
    statement.And("id", "<", after->id);
  }
  statement.Append(filter.by_supporters ? " ORDER BY supporter_count DESC, id DESC"
                                        : " ORDER BY id DESC");
  statement.Append(absl::StrCat(" LIMIT ", statement.Bind(limit + 1)));
  ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
  return ReadAll(rows);
}

absl::StatusOr<std::vector<Initiative>> InitiativeStore::ListOfAppeal(sql::Transaction& transaction,
                                                                      absl::string_view appeal,
                                                                      absl::string_view before,
                                                                      int limit) {
  SelectStatement statement(absl::StrCat("SELECT ", sql::ColumnList(kInitiativeColumns, "i."),
                                         " FROM initiative_appeals a "
                                         "JOIN initiatives i ON i.id = a.initiative"));
  statement.And("a.appeal", "=", appeal).And("i.published", "=", true);
  if (!before.empty()) statement.And("a.initiative", "<", before);
  statement.Append(absl::StrCat(" ORDER BY a.initiative DESC LIMIT ", statement.Bind(limit + 1)));
  ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
  return ReadAll(rows);
}

absl::StatusOr<std::vector<InitiativeTerms>> InitiativeStore::ListOpen(
    sql::Transaction& transaction, absl::string_view district, int limit) {
  std::vector<InitiativeTerms> open;
  for (const auto state : {InitiativeState::kGathering, InitiativeState::kAwaitingResponse}) {
    SelectStatement statement("SELECT id, terms FROM initiatives");
    statement.And("published", "=", true).And("state", "=", static_cast<int>(state));
    if (!district.empty()) {
      statement.And(absl::StrCat("district IN ('', ", statement.Bind(district), ")"));
    }
    statement.Append(absl::StrCat(" ORDER BY id DESC LIMIT ", statement.Bind(limit)));
    ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
    for (const sql::Row& row : rows) {
      open.push_back({row.Text(0), absl::StrSplit(row.Text(1), ' ', absl::SkipEmpty())});
    }
  }
  return open;
}

absl::StatusOr<std::vector<InitiativeEntry>> InitiativeStore::GetTimeline(
    sql::Transaction& transaction, absl::string_view id) {
  static const std::string& select = *new std::string(
      absl::StrCat("SELECT ", sql::ColumnList(kInitiativeEntryColumns),
                   " FROM initiative_entries WHERE initiative = $1 ORDER BY entry"));
  ASSIGN_OR_RETURN(auto rows, transaction.Query(select, id));
  std::vector<InitiativeEntry> timeline;
  timeline.reserve(rows.size());
  for (const sql::Row& row : rows) {
    timeline.push_back(sql::ReadObject(kInitiativeEntryColumns, row));
  }
  return timeline;
}

absl::StatusOr<absl::flat_hash_map<std::string, std::vector<std::string>>>
InitiativeStore::AppealsOf(sql::Transaction& transaction, absl::Span<const std::string> ids) {
  absl::flat_hash_map<std::string, std::vector<std::string>> appeals;
  if (ids.empty()) return appeals;
  SelectStatement statement("SELECT initiative, appeal FROM initiative_appeals");
  statement.AndIn("initiative", ids).Append(" ORDER BY initiative, appeal");
  ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
  for (const sql::Row& row : rows) appeals[row.Text(0)].push_back(row.Text(1));
  return appeals;
}

absl::StatusOr<int64_t> InitiativeStore::CountStages(sql::Transaction& transaction,
                                                     absl::string_view id) {
  ASSIGN_OR_RETURN(
      auto rows, transaction.Query(
                     "SELECT COUNT(*) FROM initiative_entries WHERE initiative = $1 AND type = $2",
                     id, static_cast<int>(InitiativeEntryType::kStage)));
  return rows.at(0).Int(0);
}

absl::StatusOr<int64_t> InitiativeStore::CountProposed(sql::Transaction& transaction,
                                                       absl::string_view author, absl::Time since) {
  ASSIGN_OR_RETURN(auto rows, transaction.Query("SELECT COUNT(*) FROM initiatives WHERE "
                                                "author = $1 AND create_time > $2",
                                                author, ToMicros(since)));
  return rows.at(0).Int(0);
}

absl::StatusOr<std::vector<std::string>> InitiativeStore::ListDue(sql::Transaction& transaction,
                                                                  absl::Time now, int limit) {
  ASSIGN_OR_RETURN(auto rows, transaction.Query("SELECT id FROM initiatives WHERE next_check <= $1 "
                                                "ORDER BY next_check LIMIT $2",
                                                ToMicros(now), limit));
  std::vector<std::string> ids;
  ids.reserve(rows.size());
  for (const sql::Row& row : rows) ids.push_back(row.Text(0));
  return ids;
}

}  // namespace veche::polling
