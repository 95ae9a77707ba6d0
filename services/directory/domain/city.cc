#include "services/directory/domain/city.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/directory/domain/field_checks.h"

namespace veche::directory {
namespace {

constexpr size_t kMaxRows = 5'000;
constexpr size_t kMaxPhones = 20;
constexpr size_t kMaxPhoneBytes = 40;
constexpr int kMaxResponseHours = 10'000;
constexpr absl::string_view kLegalProfiles[] = {"ru-59fz", "ua-393", "none"};

bool HasControlCharacter(absl::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); });
}

// Checks the ids of the rows of a list, which have to differ, and their titles.
class ListChecks {
 public:
  ListChecks(absl::string_view list, Violations& violations)
      : list_(list), violations_(violations) {}

  template <typename Row>
  FieldChecks Begin(size_t index, const Row& row) {
    const FieldChecks checks(absl::StrCat(list_, "[", index, "]."), violations_);
    if (!IsValidId(row.id)) {
      checks.Add("name", {"ROW_NAME", {{"list", list_}}});
    } else if (!seen_.insert(row.id).second) {
      checks.Add("name", "REPEATED");
    }
    checks.CheckTitle("title", row.title);
    checks.CheckTitles("titles", row.titles);
    return checks;
  }

 private:
  const absl::string_view list_;
  Violations& violations_;
  absl::flat_hash_set<std::string> seen_;
};

void CheckDistrict(const District& district, const FieldChecks& checks) {
  if (!geo::IsValid(district.label)) checks.Add("label", "NOT_A_POINT");
  if (!(district.area_km2 >= 0)) checks.Add("areaKm2", "NEGATIVE");
  if (!district.attribution.empty()) checks.CheckTitle("attribution", district.attribution);
  if (district.population && *district.population < 0) checks.Add("population", "NEGATIVE");
}

void CheckDepartment(const Department& department, const FieldChecks& checks) {
  if (!department.kind.empty()) checks.CheckId("kind", department.kind);
  if (department.phones.size() > kMaxPhones) {
    checks.Add("phones", {"TOO_MANY", {{"most", absl::StrCat(kMaxPhones)}}});
  }
  for (size_t i = 0; i < department.phones.size(); ++i) {
    const std::string& phone = department.phones[i];
    if (phone.empty() || phone.size() > kMaxPhoneBytes || HasControlCharacter(phone)) {
      checks.Add(absl::StrCat("phones[", i, "]"), "PHONE_LENGTH");
    }
  }
}

void CheckCategory(const Category& category, const absl::flat_hash_set<std::string>& departments,
                   const FieldChecks& checks) {
  checks.CheckId("group", category.group);
  checks.CheckTitle("groupTitle", category.group_title);
  if (!departments.contains(category.department)) {
    checks.Add("department", "NO_SUCH_DEPARTMENT");
  }
  if (category.response_hours < 1 || category.response_hours > kMaxResponseHours) {
    checks.Add("responseHours",
               {"OUT_OF_RANGE", {{"least", "1"}, {"most", absl::StrCat(kMaxResponseHours)}}});
  }
  if (std::find(std::begin(kLegalProfiles), std::end(kLegalProfiles), category.legal_profile) ==
      std::end(kLegalProfiles)) {
    checks.Add("legalProfile", "LEGAL_PROFILE");
  }
}

}  // namespace

void CheckUpdate(const City& update, const absl::flat_hash_set<std::string>& known_departments,
                 Violations& violations) {
  if (std::max({update.districts.size(), update.departments.size(), update.categories.size(),
                update.organization_categories.size()}) > kMaxRows) {
    violations.Add("", {"TOO_MANY_ROWS", {{"most", absl::StrCat(kMaxRows)}}});
    return;
  }
  ListChecks districts("districts", violations);
  for (size_t i = 0; i < update.districts.size(); ++i) {
    CheckDistrict(update.districts[i], districts.Begin(i, update.districts[i]));
  }
  ListChecks departments("departments", violations);
  absl::flat_hash_set<std::string> department_ids = known_departments;
  for (size_t i = 0; i < update.departments.size(); ++i) {
    CheckDepartment(update.departments[i], departments.Begin(i, update.departments[i]));
    department_ids.insert(update.departments[i].id);
  }
  ListChecks categories("categories", violations);
  for (size_t i = 0; i < update.categories.size(); ++i) {
    CheckCategory(update.categories[i], department_ids, categories.Begin(i, update.categories[i]));
  }
  ListChecks organization_categories("organizationCategories", violations);
  for (size_t i = 0; i < update.organization_categories.size(); ++i) {
    organization_categories.Begin(i, update.organization_categories[i]);
  }
}

}  // namespace veche::directory
