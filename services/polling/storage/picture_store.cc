#include "services/polling/storage/picture_store.h"

#include "common/base/status_macros.h"

namespace veche::polling {

absl::Status PictureStore::Add(sql::Transaction& transaction, const Picture& picture) {
  return transaction
      .Execute(
          "INSERT INTO poll_pictures (hash, content_type, bytes) VALUES ($1, $2, $3) "
          "ON CONFLICT (hash) DO NOTHING",
          picture.hash, picture.content_type, sql::Blob{picture.bytes})
      .status();
}

absl::StatusOr<bool> PictureStore::Has(sql::Transaction& transaction, absl::string_view hash) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction.Query("SELECT 1 FROM poll_pictures WHERE hash = $1", hash));
  return !rows.empty();
}

absl::StatusOr<std::optional<Picture>> PictureStore::Get(sql::Transaction& transaction,
                                                         absl::string_view hash) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query("SELECT content_type, bytes FROM poll_pictures WHERE hash = $1", hash));
  if (rows.empty()) return std::nullopt;
  return Picture{std::string(hash), rows[0].Text(0), rows[0].Bytes(1)};
}

}  // namespace veche::polling
