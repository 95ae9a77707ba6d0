#include "services/notifications/storage/file_store.h"

#include "common/base/status_macros.h"

namespace veche::notifications {

absl::Status FileStore::Add(sql::Transaction& transaction, const StoredFile& file) {
  return transaction
      .Execute(
          "INSERT INTO alert_files (hash, content_type, size_bytes, bytes) "
          "VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING",
          file.hash, file.content_type, file.bytes.size(), sql::Blob{file.bytes})
      .status();
}

absl::StatusOr<std::optional<AlertFile>> FileStore::Find(sql::Transaction& transaction,
                                                         absl::string_view hash) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query("SELECT content_type, size_bytes FROM alert_files WHERE hash = $1", hash));
  if (rows.empty()) return std::nullopt;
  return AlertFile{
      .hash = std::string(hash), .content_type = rows[0].Text(0), .size_bytes = rows[0].Int(1)};
}

absl::StatusOr<std::optional<StoredFile>> FileStore::Get(sql::Transaction& transaction,
                                                         absl::string_view hash) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query("SELECT content_type, bytes FROM alert_files WHERE hash = $1", hash));
  if (rows.empty()) return std::nullopt;
  return StoredFile{std::string(hash), rows[0].Text(0), rows[0].Bytes(1)};
}

}  // namespace veche::notifications
