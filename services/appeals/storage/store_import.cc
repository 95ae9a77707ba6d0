#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/appeal_row.h"
#include "services/appeals/storage/statement.h"
#include "services/appeals/storage/store.h"

// Appeals of other systems.

namespace veche::appeals {
namespace {

// The source ids of `rows` that were imported before.
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

absl::StatusOr<ImportCounts> Store::Import(absl::string_view source,
                                           std::vector<ImportedAppeal> rows, IdSource& ids) {
  ASSIGN_OR_RETURN(auto known, KnownSourceIds(database_, source, rows));
  const size_t sent = rows.size();
  std::erase_if(rows,
                [&](const ImportedAppeal& row) { return !known.insert(row.source_id).second; });
  const int existing = static_cast<int>(sent - rows.size());
  // New rows need numbers. They are taken before the transaction, because they need one of their
  // own.
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

absl::StatusOr<bool> Store::ImportOne(sql::Transaction& transaction, absl::string_view source,
                                      ImportedAppeal& row, IdSource& ids) {
  // Old records often have the same time and may get the same key: draw ids until the key is free.
  static const std::string& insert =
      *new std::string(absl::StrCat(AppealInsert(), " ON CONFLICT (ord) DO NOTHING"));
  row.appeal.id = ids.NewAt(row.appeal.created);
  ASSIGN_OR_RETURN(
      int64_t fresh,
      transaction.Execute("INSERT INTO imports (source, source_id, appeal) VALUES ($1, $2, $3) "
                          "ON CONFLICT (source, source_id) DO NOTHING",
                          source, row.source_id, TimeKey(row.appeal.id)));
  if (fresh == 0) return false;
  Appeal appeal = row.appeal;
  PreparedAppeal prepared = PrepareNew(appeal, row.record);
  while (true) {
    ASSIGN_OR_RETURN(const int64_t changed, transaction.ExecuteWith(insert, prepared.values));
    if (changed != 0) break;
    appeal.id = ids.NewAt(appeal.created);
    prepared = PrepareNew(appeal, row.record);
  }
  if (appeal.id != row.appeal.id) {
    RETURN_IF_ERROR(transaction
                        .Execute("UPDATE imports SET appeal = $1 WHERE source = $2 AND "
                                 "source_id = $3",
                                 TimeKey(appeal.id), source, row.source_id)
                        .status());
  }
  RETURN_IF_ERROR(WriteRecord(transaction, prepared.change));
  RETURN_IF_ERROR(Index(transaction, appeal.id, row.terms));
  return true;
}

}  // namespace veche::appeals
