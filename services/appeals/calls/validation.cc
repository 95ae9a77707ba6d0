#include "services/appeals/calls/validation.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/api/contact.h"
#include "common/text/normalize.h"
#include "common/text/utf8.h"
#include "services/appeals/domain/names.h"

namespace veche::appeals {

std::string ReadText(absl::string_view text, absl::string_view field, size_t longest, bool optional,
                     Violations& violations) {
  const Text problem =
      text::TextProblem(text, {.min_characters = optional ? 0u : 1u, .max_characters = longest});
  if (!problem.empty()) {
    violations.Add(field, problem);
    return "";
  }
  std::string clean = text::Clean(text);
  // A text of invisible characters alone is empty.
  if (clean.empty() && !optional) violations.Add(field, "MUST_NOT_BE_EMPTY");
  return clean;
}

std::vector<std::string> ReadAttachments(
    const google::protobuf::RepeatedPtrField<std::string>& names, Violations& violations) {
  std::vector<std::string> ids;
  if (names.size() > kMostAttachments) {
    violations.Add("attachments", {"TOO_MANY", {{"most", absl::StrCat(kMostAttachments)}}});
    return ids;
  }
  for (int i = 0; i < names.size(); ++i) {
    const std::string field = absl::StrCat("attachments[", i, "]");
    auto id = ParseAttachmentName(names[i]);
    if (!id.ok()) {
      violations.Add(field, {"NAME_FORM", {{"form", "attachments/{id}"}}});
    } else if (std::find(ids.begin(), ids.end(), *id) != ids.end()) {
      violations.Add(field, "REPEATED");
    } else {
      ids.push_back(*std::move(id));
    }
  }
  return ids;
}

std::optional<geo::LatLng> ReadLocation(bool present, const v1::Location& location,
                                        Violations& violations) {
  if (!present) return std::nullopt;
  const std::optional<geo::LatLng> point = geo::PointIn(location, "location.", violations);
  const Text problem = text::TextProblem(location.address(),
                                         {.max_characters = kLongestAddress, .single_line = true});
  if (!problem.empty()) violations.Add("location.address", problem);
  return point;
}

void CheckCategory(absl::string_view name, const CitySnapshot* city, absl::string_view field,
                   Violations& violations) {
  if (name.empty()) return;
  if (!IsNameIn("categories", name)) {
    violations.Add(field, {"NAME_FORM", {{"form", "categories/{id}"}}});
  } else if (city != nullptr && city->FindCategory(name) == nullptr) {
    violations.Add(field, {"NOT_IN_CITY", {{"list", "categories"}}});
  }
}

void CheckDepartment(absl::string_view name, const CitySnapshot* city, absl::string_view field,
                     Violations& violations) {
  if (name.empty()) return;
  if (!IsNameIn("departments", name)) {
    violations.Add(field, {"NAME_FORM", {{"form", "departments/{id}"}}});
  } else if (city != nullptr && !city->departments.contains(name)) {
    violations.Add(field, {"NOT_IN_CITY", {{"list", "departments"}}});
  }
}

std::string ReadContact(absl::string_view contact, Violations& violations) {
  if (absl::StripAsciiWhitespace(contact).empty()) return "";
  if (const auto parsed = api::ParseContact(contact)) return parsed->value;
  violations.Add("contact", "CONTACT");
  return "";
}

}  // namespace veche::appeals
