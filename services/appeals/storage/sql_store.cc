#include "services/appeals/storage/sql_store.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/domain/names.h"
#include "services/appeals/storage/event_data.h"
#include "services/appeals/storage/sql_attachments.h"
#include "services/appeals/storage/sql_rows.h"
#include "services/appeals/storage/sql_statement.h"

namespace veche::appeals {
namespace {

constexpr size_t kTermsPerInsert = 32;
constexpr size_t kTermsPerDelete = 64;

// One INSERT of `count` terms; `count` is a power of two, so there are few statements.
absl::Status InsertTerms(sql::Transaction& transaction, int64_t ord,
                         absl::Span<const int64_t> terms) {
  std::string statement = "INSERT INTO search_terms (term, ord) VALUES ";
  std::vector<sql::Value> args;
  for (size_t i = 0; i < terms.size(); ++i) {
    absl::StrAppend(&statement, i == 0 ? "($" : ", ($", i + 1, ", $", terms.size() + 1, ")");
    args.emplace_back(terms[i]);
  }
  args.emplace_back(ord);
  absl::StrAppend(&statement, " ON CONFLICT (term, ord) DO NOTHING");
  return transaction.ExecuteWith(statement, args).status();
}

absl::Status InsertAllTerms(sql::Transaction& transaction, int64_t ord,
                            absl::Span<const std::string> terms) {
  std::vector<int64_t> keys;
  keys.reserve(terms.size());
  for (const std::string& term : terms) keys.push_back(TermKey(term));
  std::sort(keys.begin(), keys.end());
  absl::Span<const int64_t> left = keys;
  for (size_t chunk = kTermsPerInsert; !left.empty(); chunk /= 2) {
    while (left.size() >= chunk) {
      RETURN_IF_ERROR(InsertTerms(transaction, ord, left.subspan(0, chunk)));
      left.remove_prefix(chunk);
    }
  }
  return absl::OkStatus();
}

// The source ids among those of `rows` that were imported before.
absl::StatusOr<absl::flat_hash_set<std::string>> KnownSourceIds(
    sql::Database& database, absl::string_view source, absl::Span<const ImportedAppeal> rows) {
  absl::flat_hash_set<std::string> known;
  if (rows.empty()) return known;
  std::vector<sql::Value> ids;
  for (const ImportedAppeal& row : rows) ids.emplace_back(row.source_id);
  Statement statement("SELECT source_id FROM imports");
  statement.And("source", "=", source).AndIn("source_id", PadToPowerOfTwo(std::move(ids)));
  RETURN_IF_ERROR(database.Read([&](sql::Transaction& transaction) -> absl::Status {
    known.clear();
    ASSIGN_OR_RETURN(auto found, statement.Query(transaction));
    for (const sql::Row& row : found) known.insert(row.Text(0));
    return absl::OkStatus();
  }));
  return known;
}

}  // namespace

absl::StatusOr<Appeal> SqlStore::Number(Appeal appeal) {
  ASSIGN_OR_RETURN(appeal.number, numbers_.Next(YearOf(appeal.created)));
  appeal.version = 1;
  return appeal;
}

absl::StatusOr<Appeal> SqlStore::Create(Appeal appeal, Record record, CommitHook hook) {
  if (appeal.number.empty()) {
    ASSIGN_OR_RETURN(appeal, Number(std::move(appeal)));
  }
  appeal.attachments.resize(record.entries.empty() ? 0 : record.entries[0].attach.size());
  appeal.entry_count = static_cast<int64_t>(record.entries.size());
  const std::vector<sql::Value> values = AppealValues(appeal);
  const PreparedChange change = PrepareRecord(appeal, appeal, record);
  Appeal created;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    created = appeal;
    RETURN_IF_ERROR(transaction.ExecuteWith(AppealInsert(), values).status());
    RETURN_IF_ERROR(WriteRecord(transaction, change));
    RETURN_IF_ERROR(ClaimAttachments(transaction, created, record));
    RETURN_IF_ERROR(FillAttachments(transaction, created));
    return hook(transaction, created);
  }));
  return created;
}

absl::StatusOr<Appeal> SqlStore::Get(absl::string_view id) {
  static const std::string& statement = *new std::string(absl::StrCat(
      "SELECT ", AppealColumnList(), " FROM appeals a WHERE a.ord = $1 AND a.id = $2"));
  Appeal appeal;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(auto rows, transaction.Query(statement, OrdOf(id), id));
    if (rows.empty()) return AppealNotFound(AppealName(id));
    appeal = ReadAppeal(rows[0]);
    return FillAttachments(transaction, appeal);
  }));
  return appeal;
}

absl::StatusOr<std::vector<Appeal>> SqlStore::GetMany(absl::Span<const std::string> ids) {
  std::vector<Appeal> appeals;
  if (ids.empty()) return appeals;
  std::vector<sql::Value> ords;
  for (const std::string& id : ids) ords.emplace_back(OrdOf(id));
  ords = PadToPowerOfTwo(std::move(ords));
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    appeals.clear();
    ASSIGN_OR_RETURN(auto rows,
                     transaction.QueryWith(absl::StrCat("SELECT ", AppealColumnList(),
                                                        " FROM appeals a WHERE a.ord IN (",
                                                        Parameters(1, ords.size()), ")"),
                                           ords));
    for (const sql::Row& row : rows) appeals.push_back(ReadAppeal(row));
    return absl::OkStatus();
  }));
  return appeals;
}

absl::StatusOr<Appeal> SqlStore::Lock(sql::Transaction& transaction, absl::string_view id) {
  // Writing first takes the row before it is read, so nobody changes it in between.
  static const std::string& statement = *new std::string(
      absl::StrCat("UPDATE appeals AS a SET version = version + 1 WHERE a.ord = $1 AND a.id = $2 "
                   "RETURNING ",
                   absl::StrJoin(AppealColumns(), ", ")));
  ASSIGN_OR_RETURN(auto rows, transaction.Query(statement, OrdOf(id), id));
  if (rows.empty()) return AppealNotFound(AppealName(id));
  return ReadAppeal(rows[0]);
}

absl::StatusOr<Appeal> SqlStore::Update(absl::string_view id, ChangeFunction change,
                                        CommitHook hook) {
  Appeal appeal;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(appeal, UpdateIn(transaction, id, change));
    RETURN_IF_ERROR(FillAttachments(transaction, appeal));
    return hook(transaction, appeal);
  }));
  return appeal;
}

absl::StatusOr<Appeal> SqlStore::UpdateIn(sql::Transaction& transaction, absl::string_view id,
                                          ChangeFunction change) {
  ASSIGN_OR_RETURN(const Appeal before, Lock(transaction, id));
  Appeal after = before;
  Record record;
  RETURN_IF_ERROR(change(after, record));
  RETURN_IF_ERROR(Save(transaction, before, after, record));
  return after;
}

absl::Status SqlStore::Save(sql::Transaction& transaction, const Appeal& before, Appeal& after,
                            const Record& record) {
  after.entry_count += static_cast<int64_t>(record.entries.size());
  ASSIGN_OR_RETURN(const bool applied,
                   ApplyIn(transaction, PrepareNumbered(before, after, record)));
  if (!applied) return absl::InternalError("a locked appeal was changed");
  return ClaimAttachments(transaction, after, record);
}

PreparedChange SqlStore::Prepare(const Appeal& before, const Appeal& after, const Record& record) {
  Appeal next = after;
  next.version = before.version + 1;
  next.entry_count += static_cast<int64_t>(record.entries.size());
  return PrepareNumbered(before, next, record);
}

PreparedChange SqlStore::PrepareNumbered(const Appeal& before, const Appeal& after,
                                         const Record& record) {
  PreparedChange change = PrepareRecord(before, after, record);
  const std::vector<sql::Value> old_values = AppealValues(before);
  std::vector<sql::Value> new_values = AppealValues(after);
  // Only what changed: an index is touched when its columns are named.
  for (size_t i = 0; i < new_values.size(); ++i) {
    if (SameValue(old_values[i], new_values[i])) continue;
    absl::StrAppend(&change.update, change.values.empty() ? "UPDATE appeals SET " : ", ",
                    AppealColumns()[i], " = $", change.values.size() + 1);
    change.values.push_back(std::move(new_values[i]));
  }
  if (change.values.empty()) return change;
  absl::StrAppend(&change.update, " WHERE ord = $", change.values.size() + 1, " AND version = $",
                  change.values.size() + 2);
  change.values.emplace_back(OrdOf(before.id));
  change.values.emplace_back(before.version);
  return change;
}

absl::StatusOr<bool> SqlStore::ApplyIn(sql::Transaction& transaction,
                                       const PreparedChange& change) {
  if (!change.update.empty()) {
    ASSIGN_OR_RETURN(const int64_t changed, transaction.ExecuteWith(change.update, change.values));
    if (changed == 0) return false;
  }
  RETURN_IF_ERROR(WriteRecord(transaction, change));
  return true;
}

PreparedChange SqlStore::PrepareRecord(const Appeal& before, const Appeal& after,
                                       const Record& record) {
  PreparedChange change;
  int64_t id = after.entry_count - static_cast<int64_t>(record.entries.size());
  for (const Entry& entry : record.entries) {
    change.entries.push_back(EntryValues(after.id, ++id, entry));
  }
  for (const EventNote& note : record.events) {
    change.events.push_back(log_.Make(absl::StrCat("veche.appeals.", note.type),
                                      AppealName(after.id), EventData(before, after, note)));
  }
  return change;
}

absl::Status SqlStore::WriteRecord(sql::Transaction& transaction, const PreparedChange& change) {
  for (const std::vector<sql::Value>& entry : change.entries) {
    RETURN_IF_ERROR(transaction.ExecuteWith(kEntryInsert, entry).status());
  }
  for (const events::NewEvent& event : change.events) {
    RETURN_IF_ERROR(log_.Append(transaction, event));
  }
  return absl::OkStatus();
}

absl::Status SqlStore::IndexIn(sql::Transaction& transaction, absl::string_view id,
                               absl::Span<const std::string> terms) {
  return InsertAllTerms(transaction, OrdOf(id), terms);
}

absl::Status SqlStore::UnindexIn(sql::Transaction& transaction, absl::string_view id,
                                 absl::Span<const std::string> terms) {
  for (; !terms.empty(); terms.remove_prefix(std::min(terms.size(), kTermsPerDelete))) {
    std::vector<sql::Value> values;
    for (const std::string& term : terms.subspan(0, kTermsPerDelete)) {
      values.emplace_back(TermKey(term));
    }
    values = PadToPowerOfTwo(std::move(values));
    values.emplace_back(OrdOf(id));
    const std::string statement =
        absl::StrCat("DELETE FROM search_terms WHERE term IN (", Parameters(1, values.size() - 1),
                     ") AND ord = $", values.size());
    RETURN_IF_ERROR(transaction.ExecuteWith(statement, std::move(values)).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> SqlStore::ListDueChecks(absl::Time now, int limit) {
  std::vector<std::string> ids;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ids.clear();
    ASSIGN_OR_RETURN(auto rows,
                     transaction.Query("SELECT id FROM appeals WHERE next_check_at IS NOT NULL AND "
                                       "next_check_at <= $1 ORDER BY next_check_at LIMIT $2",
                                       ToMicros(now), limit));
    for (const sql::Row& row : rows) ids.push_back(row.Text(0));
    return absl::OkStatus();
  }));
  return ids;
}

absl::StatusOr<ImportCounts> SqlStore::Import(absl::string_view source,
                                              std::vector<ImportedAppeal> rows, IdSource& ids) {
  ASSIGN_OR_RETURN(auto known, KnownSourceIds(database_, source, rows));
  const size_t sent = rows.size();
  std::erase_if(rows,
                [&](const ImportedAppeal& row) { return !known.insert(row.source_id).second; });
  const int existing = static_cast<int>(sent - rows.size());
  // Numbers are for what is new, and taken before the transaction, as they have one of their own.
  for (ImportedAppeal& row : rows) {
    ASSIGN_OR_RETURN(row.appeal.number, numbers_.Next(YearOf(row.appeal.created)));
    row.appeal.version = 1;
  }
  ImportCounts counts;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    counts = {.created = 0, .existing = existing};
    for (ImportedAppeal& row : rows) {
      ASSIGN_OR_RETURN(bool created, ImportOne(transaction, source, row, ids));
      ++(created ? counts.created : counts.existing);
    }
    return absl::OkStatus();
  }));
  return counts;
}

absl::StatusOr<bool> SqlStore::ImportOne(sql::Transaction& transaction, absl::string_view source,
                                         ImportedAppeal& row, IdSource& ids) {
  // Old records often share one instant, and then soon a key: ids are drawn until one is free.
  int64_t changed = 0;
  static const std::string& insert =
      *new std::string(absl::StrCat(AppealInsert(), " ON CONFLICT (ord) DO NOTHING"));
  row.appeal.id = ids.NewAt(row.appeal.created);
  ASSIGN_OR_RETURN(
      int64_t fresh,
      transaction.Execute("INSERT INTO imports (source, source_id, appeal) VALUES ($1, $2, $3) "
                          "ON CONFLICT (source, source_id) DO NOTHING",
                          source, row.source_id, OrdOf(row.appeal.id)));
  if (fresh == 0) return false;
  Appeal appeal = row.appeal;
  while (changed == 0) {
    appeal.entry_count = static_cast<int64_t>(row.record.entries.size());
    ASSIGN_OR_RETURN(changed, transaction.ExecuteWith(insert, AppealValues(appeal)));
    if (changed == 0) appeal.id = ids.NewAt(appeal.created);
  }
  if (appeal.id != row.appeal.id) {
    RETURN_IF_ERROR(transaction
                        .Execute("UPDATE imports SET appeal = $1 WHERE source = $2 AND "
                                 "source_id = $3",
                                 OrdOf(appeal.id), source, row.source_id)
                        .status());
  }
  RETURN_IF_ERROR(WriteRecord(transaction, PrepareRecord(appeal, appeal, row.record)));
  RETURN_IF_ERROR(InsertAllTerms(transaction, OrdOf(appeal.id), row.terms));
  return true;
}

}  // namespace veche::appeals
