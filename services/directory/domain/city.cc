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
      Add("name", {"ROW_NAME", {{"list", list}}});
    } else if (!seen_.insert(row.id).second) {
      Add("name", "REPEATED");
    }
    CheckText("title", row.title);
    for (const auto& [language, title] : row.titles) {
      std::string field = absl::StrCat("titles.", language);
      if (!IsLanguage(language)) Add(field, "LANGUAGE_TAG");
      CheckText(field, title);
    }
  }

  void CheckText(absl::string_view field, absl::string_view text) {
    if (absl::StripAsciiWhitespace(text).empty()) {
      Add(field, "MUST_NOT_BE_EMPTY");
    } else if (text.size() > kMaxTitleBytes) {
      Add(field, {"TOO_MANY_BYTES", {{"most", absl::StrCat(kMaxTitleBytes)}}});
    } else if (HasControlCharacter(text)) {
      Add(field, "CONTROL_CHARACTER");
    }
  }

  void CheckId(absl::string_view field, absl::string_view id) {
    if (!IsValidId(id)) Add(field, "ROW_ID");
  }

  void Add(absl::string_view field, const Text& problem) {
    violations_.Add(absl::StrCat(path_, ".", field), problem);
  }

 private:
  Violations& violations_;
  std::string path_;
  absl::flat_hash_set<std::string> seen_;
};

void CheckDistrict(const District& district, Checker& checker) {
  if (!geo::IsValid(district.label)) checker.Add("label", "NOT_A_POINT");
  if (!(district.area_km2 >= 0)) checker.Add("areaKm2", "NEGATIVE");
  if (!district.attribution.empty()) checker.CheckText("attribution", district.attribution);
}

void CheckDepartment(const Department& department, Checker& checker) {
  if (!department.kind.empty()) checker.CheckId("kind", department.kind);
  if (department.phones.size() > kMaxPhones) {
    checker.Add("phones", {"TOO_MANY", {{"most", absl::StrCat(kMaxPhones)}}});
  }
  for (size_t i = 0; i < department.phones.size(); ++i) {
    const std::string& phone = department.phones[i];
    if (phone.empty() || phone.size() > kMaxPhoneBytes || HasControlCharacter(phone)) {
      checker.Add(absl::StrCat("phones[", i, "]"), "PHONE_LENGTH");
    }
  }
}

void CheckCategory(const Category& category, const absl::flat_hash_set<std::string>& departments,
                   Checker& checker) {
  checker.CheckId("group", category.group);
  checker.CheckText("groupTitle", category.group_title);
  if (!departments.contains(category.department)) {
    checker.Add("department", "NO_SUCH_DEPARTMENT");
  }
  if (category.response_hours < 1 || category.response_hours > kMaxResponseHours) {
    checker.Add("responseHours",
                {"OUT_OF_RANGE", {{"least", "1"}, {"most", absl::StrCat(kMaxResponseHours)}}});
  }
  if (std::find(std::begin(kLegalProfiles), std::end(kLegalProfiles), category.legal_profile) ==
      std::end(kLegalProfiles)) {
    checker.Add("legalProfile", "LEGAL_PROFILE");
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
    violations.Add("", {"TOO_MANY_ROWS", {{"most", absl::StrCat(kMaxRows)}}});
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
