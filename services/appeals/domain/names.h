#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/id.h"

// Names of resources. Pure.

namespace veche::appeals {

// "appeals/{id}", "attachments/{id}", "appeals/{id}/messages/{n}".
std::string AppealName(absl::string_view id);
std::string AttachmentName(absl::string_view id);
std::string MessageName(absl::string_view appeal, int64_t entry);
// A time-ordered id with 160 random bits. No token proves who owns a guest's upload: until an
// appeal takes the upload, its name is the proof, so the name is told to the uploader alone.
std::string NewAttachmentId(IdSource& ids);
// The id in a name of that form. AppealNotFound, AttachmentNotFound for any other text: no such
// resource can exist.
absl::StatusOr<std::string> ParseAppealName(absl::string_view name);
absl::StatusOr<std::string> ParseAttachmentName(absl::string_view name);
// Whether `name` is "{collection}/{id}" with an id of letters, digits, '-', '_' and '.'.
bool IsNameIn(absl::string_view collection, absl::string_view name);

}  // namespace veche::appeals
