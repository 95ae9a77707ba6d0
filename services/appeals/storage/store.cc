#include "services/appeals/storage/store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/domain/names.h"
#include "services/appeals/storage/appeal_row.h"
#include "services/appeals/storage/attachment_rows.h"
#include "services/appeals/storage/event_data.h"
#include "services/appeals/storage/statement.h"
#include "services/appeals/storage/timeline_row.h"
#include "services/appeals/storage/wire_types.h"

namespace veche::appeals {
namespace {

// Gives the new entries the next ids of the appeal, and counts them.
void NumberEntries(Appeal& appeal, Record& record) {
  for (Entry& entry : record.entries) entry.id = ++appeal.entry_count;
}

}  // namespace

absl::StatusOr<Appeal> Store::Number(Appeal appeal) {
  ASSIGN_OR_RETURN(appeal.number, numbers_.Next(YearOf(appeal.created)));
  appeal.version = 1;
  return appeal;
}

PreparedAppeal Store::PrepareNew(Appeal appeal, Record record) {
  appeal.entry_count = 0;
  appeal.attachments.resize(record.entries.empty() ? 0 : record.entries[0].attach.size());
  NumberEntries(appeal, record);
  PreparedAppeal prepared;
  prepared.values = AppealValues(appeal);
  prepared.change = PrepareRecord(appeal, appeal, record);
  prepared.appeal = std::move(appeal);
  prepared.record = std::move(record);
  return prepared;
}

absl::Status Store::Create(sql::Transaction& transaction, const PreparedAppeal& prepared) {
  RETURN_IF_ERROR(transaction.ExecuteWith(AppealInsert(), prepared.values).status());
  RETURN_IF_ERROR(WriteRecord(transaction, prepared.change));
  return ClaimAttachments(transaction, prepared.appeal.id, prepared.record);
}

absl::StatusOr<Appeal> Store::Get(absl::string_view id) {
  static const std::string& statement = *new std::string(
      absl::StrCat(AppealSelect(), " FROM appeals a WHERE a.ord = $1 AND a.id = $2"));
  Appeal appeal;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(auto rows, transaction.Query(statement, TimeKey(id), id));
    if (rows.empty()) return AppealNotFound(AppealName(id));
    appeal = ReadAppeal(rows[0]);
    return FillAttachments(transaction, appeal);
  }));
  return appeal;
}

absl::StatusOr<std::vector<Appeal>> Store::GetMany(absl::Span<const std::string> ids) {
  std::vector<Appeal> appeals;
  if (ids.empty()) return appeals;
  std::vector<sql::Value> keys;
  for (const std::string& id : ids) keys.emplace_back(TimeKey(id));
  keys = PadToPowerOfTwo(std::move(keys));
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    appeals.clear();
    ASSIGN_OR_RETURN(auto rows, transaction.QueryWith(
                                    absl::StrCat(AppealSelect(), " FROM appeals a WHERE a.ord IN (",
                                                 Parameters(1, keys.size()), ")"),
                                    keys));
    for (const sql::Row& row : rows) appeals.push_back(ReadAppeal(row));
    return absl::OkStatus();
  }));
  return appeals;
}

absl::StatusOr<std::vector<Appeal>> Store::ListNewest(int count) {
  static const std::string& statement = *new std::string(
      absl::StrCat(AppealSelect(), " FROM appeals a ORDER BY a.ord DESC LIMIT $1"));
  std::vector<Appeal> appeals;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    appeals.clear();
    ASSIGN_OR_RETURN(auto rows, transaction.Query(statement, count));
    for (const sql::Row& row : rows) appeals.push_back(ReadAppeal(row));
    return absl::OkStatus();
  }));
  return appeals;
}

absl::StatusOr<Appeal> Store::Lock(sql::Transaction& transaction, absl::string_view id) {
  // A write comes first and locks the row before it is read, so that nobody changes it in between.
  static const std::string& statement = *new std::string(
      absl::StrCat("UPDATE appeals AS a SET version = version + 1 WHERE a.ord = $1 AND a.id = $2 "
                   "RETURNING ",
                   AppealColumnList()));
  ASSIGN_OR_RETURN(auto rows, transaction.Query(statement, TimeKey(id), id));
  if (rows.empty()) return AppealNotFound(AppealName(id));
  return ReadAppeal(rows[0]);
}

absl::StatusOr<Appeal> Store::Update(sql::Transaction& transaction, absl::string_view id,
                                     ChangeFunction change) {
  ASSIGN_OR_RETURN(const Appeal before, Lock(transaction, id));
  Appeal after = before;
  Record record;
  RETURN_IF_ERROR(change(after, record));
  RETURN_IF_ERROR(Save(transaction, before, after, record));
  RETURN_IF_ERROR(FillAttachments(transaction, after));
  return after;
}

absl::StatusOr<Appeal> Store::Update(absl::string_view id, ChangeFunction change) {
  Appeal appeal;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(appeal, Update(transaction, id, change));
    return absl::OkStatus();
  }));
  return appeal;
}

absl::Status Store::Save(sql::Transaction& transaction, const Appeal& before, Appeal& after,
                         Record& record) {
  NumberEntries(after, record);
  ASSIGN_OR_RETURN(const bool applied, Apply(transaction, PrepareNumbered(before, after, record)));
  if (!applied) return absl::InternalError("a locked appeal was changed");
  return ClaimAttachments(transaction, after.id, record);
}

PreparedChange Store::Prepare(const Appeal& before, const Appeal& after, Record record) {
  Appeal next = after;
  next.version = before.version + 1;
  NumberEntries(next, record);
  return PrepareNumbered(before, next, record);
}

PreparedChange Store::PrepareNumbered(const Appeal& before, const Appeal& after,
                                      const Record& record) {
  PreparedChange change = PrepareRecord(before, after, record);
  // Only the changed columns: a named column makes the database update its indexes.
  for (sql::ColumnValue& column : ChangedColumns(before, after)) {
    absl::StrAppend(&change.update, change.values.empty() ? "UPDATE appeals SET " : ", ",
                    column.name, " = $", change.values.size() + 1);
    change.values.push_back(std::move(column.value));
  }
  if (change.values.empty()) return change;
  absl::StrAppend(&change.update, " WHERE ord = $", change.values.size() + 1, " AND version = $",
                  change.values.size() + 2);
  change.values.emplace_back(TimeKey(before.id));
  change.values.emplace_back(before.version);
  return change;
}

absl::StatusOr<bool> Store::Apply(sql::Transaction& transaction, const PreparedChange& change) {
  if (!change.update.empty()) {
    ASSIGN_OR_RETURN(const int64_t changed, transaction.ExecuteWith(change.update, change.values));
    if (changed == 0) return false;
  }
  RETURN_IF_ERROR(WriteRecord(transaction, change));
  return true;
}

PreparedChange Store::PrepareRecord(const Appeal& before, const Appeal& after,
                                    const Record& record) {
  PreparedChange change;
  for (const Entry& entry : record.entries) {
    change.entries.push_back(EntryValues(after.id, entry));
  }
  for (const EventNote& note : record.events) {
    change.events.push_back(
        log_.Make(EventTypeName(note.type), AppealName(after.id), EventData(before, after, note)));
  }
  return change;
}

absl::Status Store::WriteRecord(sql::Transaction& transaction, const PreparedChange& change) {
  for (const std::vector<sql::Value>& entry : change.entries) {
    RETURN_IF_ERROR(transaction.ExecuteWith(EntryInsert(), entry).status());
  }
  for (const events::NewEvent& event : change.events) {
    RETURN_IF_ERROR(log_.Append(transaction, event));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> Store::ListDueChecks(absl::Time now, int limit) {
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

}  // namespace veche::appeals
