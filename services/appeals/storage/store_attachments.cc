#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/attachment_rows.h"
#include "services/appeals/storage/statement.h"
#include "services/appeals/storage/store.h"

// Uploads and attachments.

namespace veche::appeals {
namespace {

absl::StatusOr<int64_t> UnusedBytes(sql::Transaction& transaction, absl::string_view uploader,
                                    absl::Time since) {
  ASSIGN_OR_RETURN(auto rows, transaction.Query("SELECT CAST(COALESCE(SUM(size_bytes), 0) AS "
                                                "BIGINT) FROM attachments WHERE uploader = $1 AND "
                                                "created_at > $2 AND appeal IS NULL",
                                                uploader, ToMicros(since)));
  return rows[0].Int(0);
}

}  // namespace

absl::Status Store::AddAttachment(const Attachment& attachment, absl::Time now, int64_t most) {
  return database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(InsertAttachment(transaction, attachment, now));
    ASSIGN_OR_RETURN(const int64_t unused,
                     UnusedBytes(transaction, attachment.uploader, now - kUploadDay));
    return unused > most ? UploadQuotaExceeded() : absl::OkStatus();
  });
}

absl::StatusOr<int64_t> Store::CountUnusedBytes(absl::string_view uploader, absl::Time since) {
  int64_t bytes = 0;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(bytes, UnusedBytes(transaction, uploader, since));
    return absl::OkStatus();
  }));
  return bytes;
}

absl::StatusOr<Attachment> Store::GetAttachment(absl::string_view id) {
  Attachment attachment;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(
        auto rows,
        transaction.Query(absl::StrCat(AttachmentSelect(), " FROM attachments WHERE id = $1"), id));
    if (rows.empty()) return AttachmentNotFound(absl::StrCat("attachments/", id));
    attachment = ReadAttachment(rows[0]);
    if (attachment.appeal.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(rows, transaction.Query("SELECT audience FROM timeline WHERE appeal = $1 AND "
                                             "entry = $2",
                                             TimeKey(attachment.appeal), attachment.entry));
    if (!rows.empty()) attachment.audience = static_cast<Audience>(rows[0].Int(0));
    return absl::OkStatus();
  }));
  return attachment;
}

absl::StatusOr<std::vector<Attachment>> Store::FindUnused(absl::Span<const std::string> ids,
                                                          absl::string_view owner) {
  std::vector<Attachment> found;
  if (ids.empty()) return found;
  std::vector<sql::Value> args(ids.begin(), ids.end());
  args = PadToPowerOfTwo(std::move(args));
  const std::string statement =
      absl::StrCat(AttachmentSelect(), " FROM attachments WHERE id IN (",
                   Parameters(2, args.size()), ") AND owner = $1 AND appeal IS NULL");
  args.insert(args.begin(), sql::Value(owner));
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    found.clear();
    ASSIGN_OR_RETURN(auto rows, transaction.QueryWith(statement, args));
    for (const sql::Row& row : rows) found.push_back(ReadAttachment(row));
    return absl::OkStatus();
  }));
  return found;
}

}  // namespace veche::appeals
