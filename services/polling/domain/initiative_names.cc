#include "services/polling/domain/initiative_names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/id.h"
#include "services/polling/domain/initiative_errors.h"

namespace veche::polling {
namespace {

constexpr size_t kLongestId = 64;

absl::StatusOr<std::string> Parse(absl::string_view prefix, absl::string_view name,
                                  absl::Status (*not_found)(absl::string_view)) {
  absl::string_view id = name;
  if (!absl::ConsumePrefix(&id, prefix) || !IsUlid(id)) return not_found(name);
  return std::string(id);
}

}  // namespace

std::string InitiativeName(absl::string_view id) { return absl::StrCat("initiatives/", id); }
std::string CommentName(absl::string_view id) { return absl::StrCat("comments/", id); }
std::string StatementName(absl::string_view id) { return absl::StrCat("statements/", id); }

absl::StatusOr<std::string> ParseInitiativeName(absl::string_view name) {
  return Parse("initiatives/", name, InitiativeNotFound);
}

absl::StatusOr<std::string> ParseCommentName(absl::string_view name) {
  return Parse("comments/", name, CommentNotFound);
}

absl::StatusOr<std::string> ParseStatementName(absl::string_view name) {
  return Parse("statements/", name, StatementNotFound);
}

bool IsReference(absl::string_view collection, absl::string_view name) {
  if (!absl::ConsumePrefix(&name, collection) || !absl::ConsumePrefix(&name, "/")) return false;
  return !name.empty() && name.size() <= kLongestId &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
         });
}

}  // namespace veche::polling
