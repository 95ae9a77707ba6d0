#include "services/appeals/storage/attachment_rows.h"

#include <iterator>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/sql/columns.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/statement.h"

namespace veche::appeals {
namespace {

// The first entry brought the appeal's own attachments.
constexpr int64_t kFirstEntry = 1;

template <auto... kPath>
constexpr sql::Column<Attachment> Field(absl::string_view name) {
  return sql::MemberColumn<Attachment, kPath...>(name);
}

constexpr sql::Column<Attachment> kColumns[] = {
    Field<&Attachment::id>("id"),
    Field<&Attachment::owner>("owner"),
    Field<&Attachment::content_type>("content_type"),
    Field<&Attachment::size_bytes>("size_bytes"),
    Field<&Attachment::sha256>("sha256"),
    Field<&Attachment::blob>("blob"),
    {"uploader", [](const Attachment& a) { return sql::Value(absl::string_view(a.uploader)); },
     nullptr},
    Field<&Attachment::appeal>("appeal_id"),
    {"entry",
     [](const Attachment& a) { return a.appeal.empty() ? sql::Value() : sql::ToValue(a.entry); },
     [](const sql::Row& row, size_t i, Attachment& a) { sql::FromRow(row, i, a.entry); }},
};

absl::Status ClaimAttachments(sql::Transaction& transaction, absl::string_view appeal,
                              const Entry& entry) {
  Violations violations;
  for (size_t i = 0; i < entry.attach.size(); ++i) {
    ASSIGN_OR_RETURN(
        int64_t claimed,
        transaction.Execute("UPDATE attachments SET appeal = $1, appeal_id = $2, entry = $3, "
                            "position = $4 WHERE id = $5 AND owner = $6 AND appeal IS NULL",
                            TimeKey(appeal), appeal, entry.id, i, entry.attach[i],
                            entry.attach_owner));
    if (claimed == 0) {
      violations.Add(absl::StrCat("attachments[", i, "]"), "ATTACHMENT_NOT_FREE");
    }
  }
  return violations.ToStatus();
}

}  // namespace

const std::string& AttachmentSelect() {
  static const auto& select = *new std::string(absl::StrCat("SELECT ", sql::ColumnList(kColumns)));
  return select;
}

Attachment ReadAttachment(const sql::Row& row) {
  Attachment attachment;
  sql::ReadColumns(kColumns, row, attachment);
  return attachment;
}

absl::Status InsertAttachment(sql::Transaction& transaction, const Attachment& attachment,
                              absl::Time now) {
  static const auto& insert = *new std::string(
      absl::StrCat("INSERT INTO attachments (", sql::ColumnList(kColumns), ", created_at) VALUES (",
                   Parameters(1, std::size(kColumns) + 1), ")"));
  std::vector<sql::Value> values = sql::ColumnValues(kColumns, attachment);
  values.push_back(sql::ToValue(now));
  return transaction.ExecuteWith(insert, values).status();
}

absl::Status ClaimAttachments(sql::Transaction& transaction, absl::string_view appeal,
                              const Record& record) {
  for (const Entry& entry : record.entries) {
    RETURN_IF_ERROR(ClaimAttachments(transaction, appeal, entry));
  }
  return absl::OkStatus();
}

absl::Status FillAttachments(sql::Transaction& transaction, absl::Span<Appeal> appeals) {
  absl::flat_hash_map<absl::string_view, Appeal*> by_id;
  std::vector<sql::Value> keys;
  for (Appeal& appeal : appeals) {
    if (appeal.attachments.empty()) continue;
    appeal.attachments.clear();
    by_id[appeal.id] = &appeal;
    keys.emplace_back(TimeKey(appeal.id));
  }
  if (keys.empty()) return absl::OkStatus();
  keys = PadToPowerOfTwo(std::move(keys));
  const std::string statement =
      absl::StrCat(AttachmentSelect(), " FROM attachments WHERE appeal IN (",
                   Parameters(2, keys.size()), ") AND entry = $1 ORDER BY appeal, position");
  keys.insert(keys.begin(), sql::Value(kFirstEntry));
  ASSIGN_OR_RETURN(auto rows, transaction.QueryWith(statement, keys));
  for (const sql::Row& row : rows) {
    Attachment attachment = ReadAttachment(row);
    auto it = by_id.find(attachment.appeal);
    if (it != by_id.end()) it->second->attachments.push_back(std::move(attachment));
  }
  return absl::OkStatus();
}

absl::Status FillAttachments(sql::Transaction& transaction, Appeal& appeal) {
  return FillAttachments(transaction, absl::MakeSpan(&appeal, 1));
}

absl::Status FillEntryAttachments(sql::Transaction& transaction, absl::string_view appeal,
                                  std::vector<Entry>& entries) {
  if (entries.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(auto rows, transaction.Query(absl::StrCat(AttachmentSelect(),
                                                             " FROM attachments WHERE appeal = $1 "
                                                             "ORDER BY entry, position"),
                                                TimeKey(appeal)));
  for (const sql::Row& row : rows) {
    Attachment attachment = ReadAttachment(row);
    for (Entry& entry : entries) {
      if (entry.id == attachment.entry) entry.attachments.push_back(attachment);
    }
  }
  return absl::OkStatus();
}

}  // namespace veche::appeals
