#include "services/identity/domain/account.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/text/utf8.h"

namespace veche::identity {
namespace {

constexpr size_t kMinPassword = 12;
constexpr size_t kMaxPassword = 256;
constexpr size_t kMaxDisplayName = 100;
constexpr size_t kMaxId = 64;

bool IsOneOf(absl::string_view text, absl::string_view more) {
  return std::all_of(text.begin(), text.end(), [more](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) ||
           more.find(c) != absl::string_view::npos;
  });
}

void AddProblem(absl::string_view field, const std::string& problem, Violations& violations) {
  if (!problem.empty()) violations.Add(field, problem);
}

}  // namespace

const std::vector<auth::Role>& StaffRoles() {
  static const auto* const roles = new std::vector<auth::Role>{
      options::v1::OFFICER,   options::v1::SUPERVISOR, options::v1::EDITOR,
      options::v1::MODERATOR, options::v1::ADMIN,      options::v1::AUDITOR};
  return *roles;
}

std::string LoginProblem(absl::string_view login) {
  if (login.size() >= 3 && login.size() <= 64 && IsOneOf(login, ".-_")) return "";
  return "must be 3 to 64 of a-z, 0-9, dot, hyphen and underscore";
}

std::string PasswordProblem(absl::string_view password) {
  const size_t characters = text::CountCharacters(password);
  if (characters < kMinPassword) return "must be at least 12 characters";
  if (characters > kMaxPassword) return "must be at most 256 characters";
  return text::IsValidUtf8(password) ? "" : "must be well-formed UTF-8";
}

std::string LocaleProblem(absl::string_view locale) {
  static constexpr std::array<absl::string_view, 4> kLocales = {"ru", "tt", "uk", "en"};
  if (std::find(kLocales.begin(), kLocales.end(), locale) != kLocales.end()) return "";
  return "must be one of ru, tt, uk and en";
}

std::string ReferenceProblem(absl::string_view name, absl::string_view collection) {
  absl::string_view id = name;
  if (absl::ConsumePrefix(&id, collection) && absl::ConsumePrefix(&id, "/") && !id.empty() &&
      id.size() <= kMaxId && IsOneOf(id, "-_")) {
    return "";
  }
  return absl::StrCat("must be \"", collection, "/{id}\"");
}

void CheckProfile(const Profile& profile, Violations& violations) {
  AddProblem("displayName",
             text::TextProblem(profile.display_name,
                               {.max_characters = kMaxDisplayName, .single_line = true}),
             violations);
  AddProblem("locale", LocaleProblem(profile.locale), violations);
  if (!profile.home_district.empty()) {
    AddProblem("homeDistrict", ReferenceProblem(profile.home_district, "districts"), violations);
  }
}

void CheckStaff(const Staff& staff, Violations& violations) {
  CheckProfile(staff.profile, violations);
  const bool any = std::any_of(StaffRoles().begin(), StaffRoles().end(),
                               [&](auth::Role role) { return staff.roles.Has(role); });
  if (!any) violations.Add("roles", "must have at least one staff role");
  if (!staff.department.empty()) {
    AddProblem("department", ReferenceProblem(staff.department, "departments"), violations);
  } else if (staff.roles.Has(options::v1::OFFICER)) {
    violations.Add("department", "is needed for an OFFICER");
  }
}

}  // namespace veche::identity
