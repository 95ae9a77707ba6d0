#include "services/appeals/domain/names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/appeals/domain/errors.h"

namespace veche::appeals {
namespace {

constexpr size_t kLongestId = 64;
constexpr size_t kUlid = 26;
constexpr size_t kUlidTime = 10;  // of them, before the random ones

// A ULID followed by the random part of another ULID, or (if `once`) a ULID alone.
bool IsAttachmentId(absl::string_view id) {
  const absl::string_view rest = id.substr(std::min(id.size(), kUlid));
  return IsUlid(id.substr(0, kUlid)) &&
         (rest.empty() || IsUlid(absl::StrCat(id.substr(0, kUlidTime), rest)));
}

}  // namespace

std::string AppealName(absl::string_view id) { return absl::StrCat("appeals/", id); }
std::string AttachmentName(absl::string_view id) { return absl::StrCat("attachments/", id); }
std::string MessageName(absl::string_view appeal, int64_t entry) {
  return absl::StrCat("appeals/", appeal, "/messages/", entry);
}

std::string NewAttachmentId(IdSource& ids) {
  return absl::StrCat(ids.New(), ids.New().substr(kUlidTime));
}

absl::StatusOr<std::string> ParseAppealName(absl::string_view name) {
  absl::string_view id = name;
  if (!absl::ConsumePrefix(&id, "appeals/") || !IsUlid(id)) return AppealNotFound(name);
  return std::string(id);
}

absl::StatusOr<std::string> ParseAttachmentName(absl::string_view name) {
  absl::string_view id = name;
  if (!absl::ConsumePrefix(&id, "attachments/") || !IsAttachmentId(id))
    return AttachmentNotFound(name);
  return std::string(id);
}

bool IsNameIn(absl::string_view collection, absl::string_view name) {
  if (!absl::ConsumePrefix(&name, collection) || !absl::ConsumePrefix(&name, "/")) return false;
  return !name.empty() && name.size() <= kLongestId &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
         });
}

}  // namespace veche::appeals
