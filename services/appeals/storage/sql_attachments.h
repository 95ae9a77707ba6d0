#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/appeals/domain/appeal.h"
#include "services/appeals/domain/timeline.h"

// Attachments inside the store's transactions. For sql_*.cc alone.

namespace veche::appeals {

// An appeal's own attachments came with its first entry.
inline constexpr int64_t kFirstEntry = 1;

// Makes what the newest entries of an appeal attach part of them. InvalidArgument that names each
// one that is not entry.attach_owner's or is taken.
absl::Status ClaimAttachments(sql::Transaction& transaction, const Appeal& appeal,
                              const Record& record);

// Reads the own attachments of appeals, whose vectors have the right length, in one query.
absl::Status FillAttachments(sql::Transaction& transaction, absl::Span<Appeal> appeals);
absl::Status FillAttachments(sql::Transaction& transaction, Appeal& appeal);

// Reads the attachments of some entries of one appeal, in one query.
absl::Status FillEntryAttachments(sql::Transaction& transaction, absl::string_view appeal,
                                  std::vector<Entry>& entries);

}  // namespace veche::appeals
