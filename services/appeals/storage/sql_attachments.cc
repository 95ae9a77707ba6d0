#include "services/appeals/storage/sql_attachments.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/sql_rows.h"
#include "services/appeals/storage/sql_store.h"

namespace veche::appeals {

namespace {

absl::Status ClaimAttachments(sql::Transaction& transaction, absl::string_view appeal,
                              int64_t entry_id, const Entry& entry) {
  Violations violations;
  for (size_t i = 0; i < entry.attach.size(); ++i) {
    ASSIGN_OR_RETURN(int64_t claimed,
                     transaction.Execute(
                         "UPDATE attachments SET appeal = $1, appeal_id = $2, entry = $3, "
                         "position = $4 WHERE id = $5 AND owner = $6 AND appeal IS NULL",
                         OrdOf(appeal), appeal, entry_id, i, entry.attach[i], entry.attach_owner));
    if (claimed == 0) {
      violations.Add(absl::StrCat("attachments[", i, "]"),
                     "is no attachment of yours that is still free to use");
    }
  }
  return violations.ToStatus();
}

}  // namespace

absl::Status ClaimAttachments(sql::Transaction& transaction, const Appeal& appeal,
                              const Record& record) {
  int64_t id = appeal.entry_count - static_cast<int64_t>(record.entries.size());
  for (const Entry& entry : record.entries) {
    RETURN_IF_ERROR(ClaimAttachments(transaction, appeal.id, ++id, entry));
  }
  return absl::OkStatus();
}

absl::Status FillAttachments(sql::Transaction& transaction, absl::Span<Appeal> appeals) {
  absl::flat_hash_map<int64_t, Appeal*> by_ord;
  std::vector<sql::Value> ords;
  for (Appeal& appeal : appeals) {
    if (appeal.attachments.empty()) continue;
    appeal.attachments.clear();
    by_ord[OrdOf(appeal.id)] = &appeal;
    ords.emplace_back(OrdOf(appeal.id));
  }
  if (ords.empty()) return absl::OkStatus();
  ords = PadToPowerOfTwo(std::move(ords));
  const std::string statement =
      absl::StrCat("SELECT ", kAttachmentColumns, " FROM attachments WHERE appeal IN (",
                   Parameters(2, ords.size()), ") AND entry = $1 ORDER BY appeal, position");
  ords.insert(ords.begin(), sql::Value(kFirstEntry));
  ASSIGN_OR_RETURN(auto rows, transaction.QueryWith(statement, ords));
  for (const sql::Row& row : rows) {
    auto it = by_ord.find(row.Int(8));
    if (it != by_ord.end()) it->second->attachments.push_back(ReadAttachment(row));
  }
  return absl::OkStatus();
}

absl::Status FillAttachments(sql::Transaction& transaction, Appeal& appeal) {
  return FillAttachments(transaction, absl::MakeSpan(&appeal, 1));
}

absl::Status FillEntryAttachments(sql::Transaction& transaction, absl::string_view appeal,
                                  std::vector<Entry>& entries) {
  if (entries.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(auto rows, transaction.Query(absl::StrCat("SELECT ", kAttachmentColumns,
                                                             " FROM attachments WHERE appeal = $1 "
                                                             "ORDER BY entry, position"),
                                                OrdOf(appeal)));
  for (const sql::Row& row : rows) {
    Attachment attachment = ReadAttachment(row);
    for (Entry& entry : entries) {
      if (entry.id == attachment.entry) entry.attachments.push_back(attachment);
    }
  }
  return absl::OkStatus();
}

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

absl::Status SqlStore::AddAttachment(const Attachment& attachment, absl::Time now, int64_t most) {
  return database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(
        transaction
            .Execute("INSERT INTO attachments (id, owner, content_type, size_bytes, sha256, blob, "
                     "created_at, uploader) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                     attachment.id, attachment.owner, attachment.content_type,
                     attachment.size_bytes, attachment.sha256, attachment.blob, ToMicros(now),
                     attachment.uploader)
            .status());
    ASSIGN_OR_RETURN(const int64_t unused,
                     UnusedBytes(transaction, attachment.uploader, now - kUploadDay));
    return unused > most ? UploadQuotaExceeded() : absl::OkStatus();
  });
}

absl::StatusOr<int64_t> SqlStore::CountUnusedBytes(absl::string_view uploader, absl::Time since) {
  int64_t bytes = 0;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(bytes, UnusedBytes(transaction, uploader, since));
    return absl::OkStatus();
  }));
  return bytes;
}

absl::StatusOr<Attachment> SqlStore::GetAttachment(absl::string_view id) {
  Attachment attachment;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(auto rows, transaction.Query(absl::StrCat("SELECT ", kAttachmentColumns,
                                                               " FROM attachments WHERE id = $1"),
                                                  id));
    if (rows.empty()) return AttachmentNotFound(absl::StrCat("attachments/", id));
    attachment = ReadAttachment(rows[0]);
    if (attachment.appeal.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(rows, transaction.Query("SELECT audience FROM timeline WHERE appeal = $1 AND "
                                             "entry = $2",
                                             OrdOf(attachment.appeal), attachment.entry));
    if (!rows.empty()) attachment.audience = static_cast<Audience>(rows[0].Int(0));
    return absl::OkStatus();
  }));
  return attachment;
}

absl::StatusOr<std::vector<Attachment>> SqlStore::FindUnused(absl::Span<const std::string> ids,
                                                             absl::string_view owner) {
  std::vector<Attachment> found;
  if (ids.empty()) return found;
  std::vector<sql::Value> args(ids.begin(), ids.end());
  args = PadToPowerOfTwo(std::move(args));
  const std::string statement =
      absl::StrCat("SELECT ", kAttachmentColumns, " FROM attachments WHERE id IN (",
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
