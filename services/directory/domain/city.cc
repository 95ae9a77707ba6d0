#include "services/directory/domain/city.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace veche::directory {
namespace {

constexpr size_t kMaxRows = 5'000;
constexpr size_t kMaxTitleBytes = 400;
constexpr size_t kMaxPhones = 20;
constexpr size_t kMaxPhoneBytes = 40;
constexpr int kMaxResponseHours = 10'000;
constexpr absl::string_view kLegalProfiles[] = {"ru-59fz", "ua-393", "none"};

bool HasControlCharacter(absl::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); });
}

bool IsLanguage(absl::string_view tag) {
  return tag.size() >= 2 && tag.size() <= 35 && absl::ascii_islower(tag[0]) &&
         std::all_of(tag.begin(), tag.end(),
                     [](char c) { return absl::ascii_isalnum(c) || c == '-'; });
}

// Checks rows one by one. `path_` is the path of the current row.
class Checker {
 public:
  explicit Checker(Violations& violations) : violations_(violations) {}

  // Goes to the next row of `list` and checks what all lists have: name and titles.
  template <typename Row>
  void Begin(absl::string_view list, size_t index, const Row& row) {
    path_ = absl::StrCat(list, "[", index, "]");
    if (index == 0) seen_.clear();
    if (!IsValidId(row.id)) {
      Add("name",
          absl::StrCat("Give \"", list, "/\" and an id of 1 to 63 of a-z, 0-9, '-' and '_'."));
    } else if (!seen_.insert(row.id).second) {
      Add("name", "Appears more than once in the request.");
    }
    CheckText("title", row.title);
    for (const auto& [language, title] : row.titles) {
      std::string field = absl::StrCat("titles.", language);
      if (!IsLanguage(language)) Add(field, "Give a language tag such as \"tt\".");
      CheckText(field, title);
    }
  }

  void CheckText(absl::string_view field, absl::string_view text) {
    if (absl::StripAsciiWhitespace(text).empty()) {
      Add(field, "Is empty.");
    } else if (text.size() > kMaxTitleBytes) {
      Add(field, absl::StrCat("Is longer than ", kMaxTitleBytes, " bytes."));
    } else if (HasControlCharacter(text)) {
      Add(field, "Has a line break or another control character.");
    }
  }

  void CheckId(absl::string_view field, absl::string_view id) {
    if (!IsValidId(id)) Add(field, "Give an id of 1 to 63 of a-z, 0-9, '-' and '_'.");
  }

  void Add(absl::string_view field, absl::string_view description) {
    violations_.Add(absl::StrCat(path_, ".", field), description);
  }

 private:
  Violations& violations_;
  std::string path_;
  absl::flat_hash_set<std::string> seen_;
};

void CheckDistrict(const District& district, Checker& checker) {
  if (!geo::IsValid(district.label)) checker.Add("label", "Is not a point of the earth.");
  if (!(district.area_km2 >= 0)) checker.Add("areaKm2", "Is below zero.");
  if (!district.attribution.empty()) checker.CheckText("attribution", district.attribution);
}

void CheckDepartment(const Department& department, Checker& checker) {
  if (!department.kind.empty()) checker.CheckId("kind", department.kind);
  if (department.phones.size() > kMaxPhones) checker.Add("phones", "Are more than 20.");
  for (size_t i = 0; i < department.phones.size(); ++i) {
    const std::string& phone = department.phones[i];
    if (phone.empty() || phone.size() > kMaxPhoneBytes || HasControlCharacter(phone)) {
      checker.Add(absl::StrCat("phones[", i, "]"), "Give 1 to 40 characters.");
    }
  }
}

void CheckCategory(const Category& category, const absl::flat_hash_set<std::string>& departments,
                   Checker& checker) {
  checker.CheckId("group", category.group);
  checker.CheckText("groupTitle", category.group_title);
  if (!departments.contains(category.department)) {
    checker.Add("department", "There is no such department, here or in the city.");
  }
  if (category.response_hours < 1 || category.response_hours > kMaxResponseHours) {
    checker.Add("responseHours", "Give 1 to 10,000 working hours.");
  }
  if (std::find(std::begin(kLegalProfiles), std::end(kLegalProfiles), category.legal_profile) ==
      std::end(kLegalProfiles)) {
    checker.Add("legalProfile", "Give \"ru-59fz\", \"ua-393\" or \"none\".");
  }
}

}  // namespace

bool IsValidId(absl::string_view id) {
  if (id.empty() || id.size() > 63 || id[0] == '-' || id[0] == '_') return false;
  return std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '_';
  });
}

void CheckUpdate(const City& update, const absl::flat_hash_set<std::string>& known_departments,
                 Violations& violations) {
  if (std::max({update.districts.size(), update.departments.size(), update.categories.size()}) >
      kMaxRows) {
    violations.Add("", "There are more than 5,000 rows of one kind.");
    return;
  }
  Checker checker(violations);
  for (size_t i = 0; i < update.districts.size(); ++i) {
    checker.Begin("districts", i, update.districts[i]);
    CheckDistrict(update.districts[i], checker);
  }
  absl::flat_hash_set<std::string> departments = known_departments;
  for (size_t i = 0; i < update.departments.size(); ++i) {
    checker.Begin("departments", i, update.departments[i]);
    CheckDepartment(update.departments[i], checker);
    departments.insert(update.departments[i].id);
  }
  for (size_t i = 0; i < update.categories.size(); ++i) {
    checker.Begin("categories", i, update.categories[i]);
    CheckCategory(update.categories[i], departments, checker);
  }
}

}  // namespace veche::directory
