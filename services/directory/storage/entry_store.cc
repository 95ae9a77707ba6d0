#include "services/directory/storage/entry_store.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/sql/columns.h"
#include "common/sql/insert_rows.h"
#include "services/directory/domain/names.h"
#include "services/directory/wire/organization_wire.h"

namespace veche::directory {
namespace {

constexpr size_t kNamesAtOnce = 100;
constexpr absl::Duration kConfirmAgain = absl::Hours(24 * 30);

// A row of the table `entries`.
struct EntryRow {
  std::string name;
  EntryState state;
  sql::Blob document;
};

template <auto... kPath>
constexpr sql::Column<EntryRow> RowField(absl::string_view name) {
  return sql::MemberColumn<EntryRow, kPath...>(name);
}

constexpr sql::Column<EntryRow> kColumns[] = {
    RowField<&EntryRow::name>("name"),
    RowField<&EntryRow::state, &EntryState::version>("version"),
    RowField<&EntryRow::state, &EntryState::change>("change"),
    RowField<&EntryRow::state, &EntryState::create_time>("create_time"),
    RowField<&EntryRow::state, &EntryState::update_time>("update_time"),
    RowField<&EntryRow::state, &EntryState::confirm_time>("confirm_time"),
    {"delete_time", [](const EntryRow& row) { return sql::ToValue(row.state.delete_time); },
     [](const sql::Row& row, size_t position, EntryRow& entry) {
       if (!row.IsNull(position)) entry.state.delete_time = FromMicros(row.Int(position));
     }},
    {"document", [](const EntryRow& row) { return sql::Value(row.document); },
     [](const sql::Row& row, size_t position, EntryRow& entry) {
       entry.document.bytes = row.Bytes(position);
     }},
};

absl::string_view CollectionOf(const Organization&) { return kOrganizations; }
absl::string_view CollectionOf(const EService&) { return kEServices; }

// The message without the state, which has columns of its own.
template <typename Entry>
EntryRow ToRow(const Entry& entry) {
  auto wire = ToWire(entry);
  wire.clear_name();
  wire.clear_create_time();
  wire.clear_update_time();
  wire.clear_delete_time();
  if constexpr (std::is_same_v<Entry, Organization>) wire.clear_confirm_time();
  return {NameOf(CollectionOf(entry), entry.id), entry.state, {wire.SerializeAsString()}};
}

template <typename Entry>
absl::StatusOr<Entry> ToEntry(const EntryRow& row) {
  decltype(ToWire(Entry())) wire;
  if (!wire.ParseFromString(row.document.bytes)) {
    return absl::DataLossError(absl::StrCat("the entry ", row.name, " cannot be read"));
  }
  Violations violations;
  Entry entry = FromWire(wire, "", violations);
  if (!violations.empty()) {
    return absl::DataLossError(absl::StrCat("the entry ", row.name, " is not valid"));
  }
  entry.id = IdOf(CollectionOf(entry), row.name);
  entry.state = row.state;
  return entry;
}

template <typename Entry>
absl::StatusOr<std::optional<Entry>> Get(sql::Transaction& transaction, absl::string_view id) {
  const std::string name = NameOf(CollectionOf(Entry()), id);
  ASSIGN_OR_RETURN(auto rows, transaction.Query(absl::StrCat("SELECT ", sql::ColumnList(kColumns),
                                                             " FROM entries WHERE name = $1"),
                                                name));
  if (rows.empty()) return std::nullopt;
  return ToEntry<Entry>(sql::ReadObject(kColumns, rows[0]));
}

void Append(std::vector<sql::Value> more, std::vector<sql::Value>& values) {
  std::move(more.begin(), more.end(), std::back_inserter(values));
}

std::vector<sql::Value> ChangeValues(const std::string& name, const EntryChange& change) {
  return {name,
          change.version,
          ToMicros(change.time),
          static_cast<int64_t>(change.action),
          change.editor,
          absl::StrJoin(change.fields, " ")};
}

// Writes rows, and their changes in the same order.
absl::Status Write(sql::Transaction& transaction, const std::vector<EntryRow>& rows,
                   const std::vector<EntryChange>& changes) {
  std::vector<sql::Value> row_values;
  std::vector<sql::Value> change_values;
  for (size_t i = 0; i < rows.size(); ++i) {
    Append(sql::ColumnValues(kColumns, rows[i]), row_values);
    Append(ChangeValues(rows[i].name, changes[i]), change_values);
  }
  RETURN_IF_ERROR(sql::InsertRows(
      transaction, absl::StrCat("INSERT INTO entries (", sql::ColumnList(kColumns), ")"),
      std::size(kColumns), std::move(row_values),
      absl::StrCat(" ON CONFLICT (name) DO UPDATE SET ", sql::SetExcluded(kColumns, 1))));
  return sql::InsertRows(transaction,
                         "INSERT INTO entry_changes (name, version, time, action, editor, fields)",
                         6, std::move(change_values));
}

// The stored entries with the ids of `entries`, by id.
template <typename Entry>
absl::StatusOr<absl::flat_hash_map<std::string, Entry>> Stored(sql::Transaction& transaction,
                                                               absl::Span<const Entry> entries) {
  absl::flat_hash_map<std::string, Entry> stored;
  while (!entries.empty()) {
    const size_t taken = std::min(entries.size(), kNamesAtOnce);
    std::vector<sql::Value> names;
    std::string parameters;
    for (const Entry& entry : entries.first(taken)) {
      names.emplace_back(NameOf(CollectionOf(entry), entry.id));
      absl::StrAppend(&parameters, names.size() == 1 ? "$" : ", $", names.size());
    }
    ASSIGN_OR_RETURN(auto rows, transaction.QueryWith(
                                    absl::StrCat("SELECT ", sql::ColumnList(kColumns),
                                                 " FROM entries WHERE name IN (", parameters, ")"),
                                    names));
    for (const sql::Row& row : rows) {
      ASSIGN_OR_RETURN(Entry entry, ToEntry<Entry>(sql::ReadObject(kColumns, row)));
      std::string id = entry.id;
      stored.emplace(std::move(id), std::move(entry));
    }
    entries.remove_prefix(taken);
  }
  return stored;
}

template <typename Entry>
absl::Status Import(sql::Transaction& transaction, absl::Span<const Entry> entries, int64_t version,
                    const Edit& edit) {
  ASSIGN_OR_RETURN(const auto stored, Stored(transaction, entries));
  std::vector<EntryRow> rows;
  std::vector<EntryChange> changes;
  for (const Entry& imported : entries) {
    const auto found = stored.find(imported.id);
    const Entry none;
    const Entry& before = found == stored.end() ? none : found->second;
    std::vector<std::string> fields = ChangedFields(before, imported);
    const bool current = found != stored.end() && fields.empty() && !before.state.delete_time &&
                         edit.time - before.state.confirm_time < kConfirmAgain;
    if (current) continue;
    Entry entry = imported;
    entry.state = before.state;
    if (found == stored.end()) entry.state.create_time = edit.time;
    entry.state.version = before.state.version + 1;
    entry.state.change = version;
    entry.state.update_time = edit.time;
    entry.state.confirm_time = edit.time;
    entry.state.delete_time.reset();
    rows.push_back(ToRow(entry));
    changes.push_back({entry.state.version, edit.time, EntryAction::kImport,
                       std::string(edit.editor), std::move(fields)});
  }
  return Write(transaction, rows, changes);
}

}  // namespace

absl::StatusOr<int64_t> EntryStore::BeginChange(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(auto rows, transaction.Query("UPDATE city_version SET version = version + 1 "
                                                "WHERE id = 1 RETURNING version"));
  if (rows.empty()) return absl::DataLossError("city_version has no row");
  return rows[0].Int(0);
}

absl::StatusOr<std::optional<Organization>> EntryStore::GetOrganization(
    sql::Transaction& transaction, absl::string_view id) {
  return Get<Organization>(transaction, id);
}

absl::StatusOr<std::optional<EService>> EntryStore::GetEService(sql::Transaction& transaction,
                                                                absl::string_view id) {
  return Get<EService>(transaction, id);
}

absl::Status EntryStore::Put(sql::Transaction& transaction, const Organization& organization,
                             const EntryChange& change) {
  return Write(transaction, {ToRow(organization)}, {change});
}

absl::Status EntryStore::Put(sql::Transaction& transaction, const EService& service,
                             const EntryChange& change) {
  return Write(transaction, {ToRow(service)}, {change});
}

absl::Status EntryStore::ApplyImport(sql::Transaction& transaction,
                                     absl::Span<const Organization> organizations,
                                     const Edit& edit) {
  ASSIGN_OR_RETURN(const int64_t version, BeginChange(transaction));
  return Import(transaction, organizations, version, edit);
}

absl::Status EntryStore::ApplyImport(sql::Transaction& transaction,
                                     absl::Span<const EService> services, const Edit& edit) {
  ASSIGN_OR_RETURN(const int64_t version, BeginChange(transaction));
  return Import(transaction, services, version, edit);
}

absl::StatusOr<ChangedEntries> EntryStore::LoadAfter(sql::Transaction& transaction,
                                                     int64_t change) {
  ASSIGN_OR_RETURN(auto rows,
                   transaction.Query(absl::StrCat("SELECT ", sql::ColumnList(kColumns),
                                                  " FROM entries WHERE change > $1 ORDER BY name"),
                                     change));
  ChangedEntries entries;
  for (const sql::Row& sql_row : rows) {
    const EntryRow row = sql::ReadObject(kColumns, sql_row);
    if (absl::StartsWith(row.name, kOrganizations)) {
      ASSIGN_OR_RETURN(Organization organization, ToEntry<Organization>(row));
      entries.organizations.push_back(std::move(organization));
    } else {
      ASSIGN_OR_RETURN(EService service, ToEntry<EService>(row));
      entries.e_services.push_back(std::move(service));
    }
  }
  return entries;
}

absl::StatusOr<std::vector<EntryChange>> EntryStore::ListChanges(sql::Transaction& transaction,
                                                                 absl::string_view name,
                                                                 int64_t below_version, int limit) {
  ASSIGN_OR_RETURN(auto rows, transaction.Query("SELECT version, time, action, editor, fields "
                                                "FROM entry_changes WHERE name = $1 AND "
                                                "version < $2 ORDER BY version DESC LIMIT $3",
                                                name, below_version, limit));
  std::vector<EntryChange> changes;
  for (const sql::Row& row : rows) {
    changes.push_back({row.Int(0), FromMicros(row.Int(1)), static_cast<EntryAction>(row.Int(2)),
                       row.Text(3), absl::StrSplit(row.Text(4), ' ', absl::SkipEmpty())});
  }
  return changes;
}

absl::StatusOr<int64_t> EntryStore::Purge(sql::Transaction& transaction, absl::Time before,
                                          int limit) {
  ASSIGN_OR_RETURN(auto rows,
                   transaction.Query("SELECT name, change FROM entries WHERE delete_time <= $1 "
                                     "ORDER BY delete_time LIMIT $2",
                                     ToMicros(before), limit));
  if (rows.empty()) return 0;
  RETURN_IF_ERROR(BeginChange(transaction).status());
  for (const sql::Row& row : rows) {
    // An editor may have restored the entry just now.
    ASSIGN_OR_RETURN(const int64_t deleted,
                     transaction.Execute("DELETE FROM entries WHERE name = $1 AND change = $2",
                                         row.Text(0), row.Int(1)));
    if (deleted == 0) continue;
    RETURN_IF_ERROR(
        transaction.Execute("DELETE FROM entry_changes WHERE name = $1", row.Text(0)).status());
    RETURN_IF_ERROR(transaction
                        .Execute("UPDATE city_version SET changes_from = $1 "
                                 "WHERE id = 1 AND changes_from < $1",
                                 row.Int(1))
                        .status());
  }
  return static_cast<int64_t>(rows.size());
}

}  // namespace veche::directory
