#include "services/identity/domain/account.h"

#include <algorithm>

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

void AddProblem(absl::string_view field, const Text& problem, Violations& violations) {
  if (!problem.empty()) violations.Add(field, problem);
}

}  // namespace

const std::vector<auth::Role>& StaffRoles() {
  static const auto* const roles = new std::vector<auth::Role>{
      options::v1::OFFICER,   options::v1::SUPERVISOR, options::v1::EDITOR,
      options::v1::MODERATOR, options::v1::ADMIN,      options::v1::AUDITOR};
  return *roles;
}

Text LoginProblem(absl::string_view login) {
  if (login.size() >= 3 && login.size() <= 64 && IsOneOf(login, ".-_")) return {};
  return "LOGIN_FORM";
}

Text PasswordProblem(absl::string_view password) {
  const size_t characters = text::CountCharacters(password);
  const std::string has = absl::StrCat(characters);
  if (characters < kMinPassword) {
    return {"TOO_SHORT", {{"least", absl::StrCat(kMinPassword)}, {"has", has}}};
  }
  if (characters > kMaxPassword) {
    return {"TOO_LONG", {{"most", absl::StrCat(kMaxPassword)}, {"has", has}}};
  }
  return text::IsValidUtf8(password) ? Text() : Text("NOT_UTF8");
}

Text LocaleProblem(absl::string_view locale) {
  return IsLanguage(locale) ? Text() : Text("LOCALE");
}

Text ReferenceProblem(absl::string_view name, absl::string_view collection) {
  absl::string_view id = name;
  if (absl::ConsumePrefix(&id, collection) && absl::ConsumePrefix(&id, "/") && !id.empty() &&
      id.size() <= kMaxId && IsOneOf(id, "-_")) {
    return {};
  }
  return {"NAME_FORM", {{"form", absl::StrCat(collection, "/{id}")}}};
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
  if (!any) violations.Add("roles", "NO_STAFF_ROLE");
  if (!staff.department.empty()) {
    AddProblem("department", ReferenceProblem(staff.department, "departments"), violations);
  } else if (staff.roles.Has(options::v1::OFFICER)) {
    violations.Add("department", "OFFICER_DEPARTMENT");
  }
}

}  // namespace veche::identity
