#include "services/identity/domain/eligibility.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/identity/domain/account.h"

namespace veche::identity {
namespace {

constexpr int kOldest = 150;  // years
constexpr size_t kMostKind = 40;

}  // namespace

Obstacle ObstacleOf(const Standing& standing, const EligibilityRule& rule, absl::CivilDay today) {
  if (rule.verified && !standing.verified) return Obstacle::kNotVerified;
  if (rule.min_age > 0) {
    if (!standing.birth_date) return Obstacle::kUnknownAge;
    if (*standing.birth_date > LatestBirthDate(rule.min_age, today)) return Obstacle::kTooYoung;
  }
  if (AdmitsDistrict(rule, standing.district)) return Obstacle::kNone;
  return standing.district.empty() ? Obstacle::kUnknownDistrict : Obstacle::kOtherDistrict;
}

absl::CivilDay LatestBirthDate(int age, absl::CivilDay day) {
  const absl::CivilDay latest(day.year() - age, day.month(), day.day());
  // From 29 February a common year is reached on 1 March, which is a day too late.
  return latest.day() == day.day() ? latest : latest - 1;
}

bool AdmitsDistrict(const EligibilityRule& rule, absl::string_view district) {
  return rule.districts.empty() ||
         std::find(rule.districts.begin(), rule.districts.end(), district) != rule.districts.end();
}

std::optional<absl::CivilDay> ParseDay(absl::string_view text) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(text, &day) || absl::FormatCivilTime(day) != text) return std::nullopt;
  return day;
}

Text BirthDateProblem(absl::string_view text, absl::CivilDay today) {
  const std::optional<absl::CivilDay> day = ParseDay(text);
  if (day && *day <= today && *day > LatestBirthDate(kOldest, today)) return {};
  return "BIRTH_DATE";
}

Text DocumentKindProblem(absl::string_view kind) {
  const bool fits = !kind.empty() && kind.size() <= kMostKind &&
                    std::all_of(kind.begin(), kind.end(), [](char c) {
                      return absl::ascii_isupper(c) || absl::ascii_isdigit(c) || c == '_';
                    });
  return fits ? Text() : Text("DOCUMENT_KIND");
}

void CheckRule(const EligibilityRule& rule, absl::string_view field, Violations& violations) {
  if (rule.min_age < 0 || rule.min_age > kOldest) {
    violations.Add(absl::StrCat(field, ".minAge"),
                   {"OUT_OF_RANGE", {{"least", "0"}, {"most", absl::StrCat(kOldest)}}});
  }
  for (size_t i = 0; i < rule.districts.size(); ++i) {
    const Text problem = ReferenceProblem(rule.districts[i], "districts");
    if (!problem.empty()) violations.Add(absl::StrCat(field, ".districts[", i, "]"), problem);
  }
}

}  // namespace veche::identity
