#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/appeals/domain/appeal.h"
#include "services/appeals/domain/timeline.h"

// Attachments as rows, inside the store's transactions. For storage/ alone.

namespace veche::appeals {

// "SELECT id, owner, …" up to the table, as ReadAttachment reads it.
const std::string& AttachmentSelect();
Attachment ReadAttachment(const sql::Row& row);

// Adds an attachment that was uploaded at `now`.
absl::Status InsertAttachment(sql::Transaction& transaction, const Attachment& attachment,
                              absl::Time now);

// Attaches the uploads that the entries of `record` name. InvalidArgument names each upload that is
// not entry.attach_owner's or is attached already. REQUIRES: the entries have their ids.
absl::Status ClaimAttachments(sql::Transaction& transaction, absl::string_view appeal,
                              const Record& record);

// Reads the own attachments of appeals in one query; their vectors have the right length already.
absl::Status FillAttachments(sql::Transaction& transaction, absl::Span<Appeal> appeals);
absl::Status FillAttachments(sql::Transaction& transaction, Appeal& appeal);

// Reads the attachments of some entries of one appeal, in one query.
absl::Status FillEntryAttachments(sql::Transaction& transaction, absl::string_view appeal,
                                  std::vector<Entry>& entries);

}  // namespace veche::appeals
