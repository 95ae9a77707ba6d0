#include "services/polling/storage/picture_store.h"

#include "common/base/clock.h"
#include "common/base/status_macros.h"

namespace veche::polling {

absl::Status PictureStore::Add(sql::Transaction& transaction, const Picture& picture) {
  return transaction
      .Execute(
          "INSERT INTO poll_pictures (hash, content_type, bytes) VALUES ($1, $2, $3) "
          "ON CONFLICT (hash) DO UPDATE SET unused_since = NULL",
          picture.hash, picture.content_type, sql::Blob{picture.bytes})
      .status();
}

absl::StatusOr<bool> PictureStore::Keep(sql::Transaction& transaction, absl::string_view hash) {
  ASSIGN_OR_RETURN(
      const int64_t kept,
      transaction.Execute("UPDATE poll_pictures SET unused_since = NULL WHERE hash = $1", hash));
  return kept > 0;
}

absl::StatusOr<std::optional<Picture>> PictureStore::Get(sql::Transaction& transaction,
                                                         absl::string_view hash,
                                                         const PictureReader& reader) {
  // 1: a draft.
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction.Query(
          "SELECT content_type, bytes FROM poll_pictures WHERE hash = $1 AND EXISTS ("
          "SELECT 1 FROM picture_uses u WHERE u.hash = $1 AND ("
          "EXISTS (SELECT 1 FROM polls p WHERE p.id = u.owner AND (p.state <> 1 OR $2)) OR "
          "EXISTS (SELECT 1 FROM initiatives i WHERE i.id = u.owner AND "
          "(i.published OR $3 OR i.author = $4))))",
          hash, reader.drafts, reader.unpublished, reader.author));
  if (rows.empty()) return std::nullopt;
  return Picture{std::string(hash), rows[0].Text(0), rows[0].Bytes(1)};
}

absl::Status PictureStore::SetUses(sql::Transaction& transaction, absl::string_view owner,
                                   absl::Span<const std::string> hashes) {
  RETURN_IF_ERROR(transaction.Execute("DELETE FROM picture_uses WHERE owner = $1", owner).status());
  for (const std::string& hash : hashes) {
    RETURN_IF_ERROR(transaction
                        .Execute("INSERT INTO picture_uses (hash, owner) VALUES ($1, $2) "
                                 "ON CONFLICT (hash, owner) DO NOTHING",
                                 hash, owner)
                        .status());
  }
  return absl::OkStatus();
}

absl::Status PictureStore::NoteUnused(sql::Transaction& transaction, absl::Time now) {
  RETURN_IF_ERROR(transaction
                      .Execute("UPDATE poll_pictures SET unused_since = NULL "
                               "WHERE unused_since IS NOT NULL AND EXISTS ("
                               "SELECT 1 FROM picture_uses u WHERE u.hash = poll_pictures.hash)")
                      .status());
  return transaction
      .Execute(
          "UPDATE poll_pictures SET unused_since = $1 WHERE unused_since IS NULL AND NOT EXISTS ("
          "SELECT 1 FROM picture_uses u WHERE u.hash = poll_pictures.hash)",
          ToMicros(now))
      .status();
}

absl::StatusOr<int64_t> PictureStore::DeleteUnused(sql::Transaction& transaction, absl::Time before,
                                                   int limit) {
  // The outer conditions hold for the rows as they are once they are locked.
  return transaction.Execute(
      "DELETE FROM poll_pictures WHERE hash IN (SELECT hash FROM poll_pictures "
      "WHERE unused_since < $1 ORDER BY unused_since LIMIT $2) AND unused_since < $1 AND NOT "
      "EXISTS (SELECT 1 FROM picture_uses u WHERE u.hash = poll_pictures.hash)",
      ToMicros(before), limit);
}

}  // namespace veche::polling
