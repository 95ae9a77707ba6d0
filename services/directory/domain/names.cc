#include "services/directory/domain/names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace veche::directory {

bool IsValidId(absl::string_view id) {
  if (id.empty() || id.size() > 63 || id[0] == '-' || id[0] == '_') return false;
  return std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '_';
  });
}

std::string IdOf(absl::string_view collection, absl::string_view name) {
  if (!absl::ConsumePrefix(&name, collection) || !absl::ConsumePrefix(&name, "/")) return "";
  return IsValidId(name) ? std::string(name) : "";
}

std::string NameOf(absl::string_view collection, absl::string_view id) {
  return id.empty() ? "" : absl::StrCat(collection, "/", id);
}

}  // namespace veche::directory
