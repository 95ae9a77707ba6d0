#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/value.h"
#include "services/appeals/domain/appeal.h"
#include "services/appeals/domain/timeline.h"

// Appeals as rows. For sql_*.cc alone.

namespace veche::appeals {

// What stands in due_order for an appeal without a due time: after all that have one.
inline constexpr int64_t kNoDueOrder = INT64_MAX;

// The columns of `appeals` in the order of AppealValues, `ord` first.
absl::Span<const absl::string_view> AppealColumns();
// "a.ord, a.id, …"
const std::string& AppealColumnList();
// "INSERT INTO appeals (…) VALUES ($1, …)"
const std::string& AppealInsert();

std::vector<sql::Value> AppealValues(const Appeal& appeal);
// Reads the columns of AppealColumnList.
Appeal ReadAppeal(const sql::Row& row);
// Whether the row counts attachments of its own; they are read apart.
bool HasAttachments(const sql::Row& row);

bool SameValue(const sql::Value& a, const sql::Value& b);

// "$first, …" for `count` parameters.
std::string Parameters(size_t first, size_t count);

// For "IN (…)" over lists of any length with few different statements: the list is padded to a
// power of two by its last element. REQUIRES: `values` is not empty.
std::vector<sql::Value> PadToPowerOfTwo(std::vector<sql::Value> values);

// "id, owner, …" of attachments, and a row of it.
inline constexpr absl::string_view kAttachmentColumns =
    "id, owner, content_type, size_bytes, sha256, blob, appeal_id, entry, appeal";
Attachment ReadAttachment(const sql::Row& row);

inline constexpr absl::string_view kEntryColumns =
    "entry, at, type, state, party, actor, department, audience, comment_for_parties, comment";
Entry ReadEntry(const sql::Row& row);

// "INSERT INTO timeline (…) VALUES ($1, …)" and what it takes.
inline constexpr absl::string_view kEntryInsert =
    "INSERT INTO timeline (appeal, entry, at, type, state, party, actor, department, audience, "
    "comment_for_parties, comment) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
std::vector<sql::Value> EntryValues(absl::string_view appeal, int64_t id, const Entry& entry);

}  // namespace veche::appeals
