#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/error.h"

// What identity vouches for, and who may take part in a poll by it.

namespace veche::identity {

// What a member of staff read in a resident's paper.
struct Verification {
  std::string resident;  // id
  absl::CivilDay birth_date;
  std::string district;       // "districts/{id}" or ""
  std::string document_kind;  // "PASSPORT"
  std::string staff;          // id of who saw the paper
  absl::Time verify_time;
};

// What a member of staff did with a resident, as it is recorded.
struct StaffAction {
  std::string id;        // ULID
  std::string staff;     // id
  std::string resident;  // id; "" when nobody was found
  std::string action;    // "FIND", "VERIFY", "UNVERIFY"
  absl::Time time;
};

// Who may take part.
struct EligibilityRule {
  int min_age = 0;                     // years; 0: any age
  bool verified = false;               // only residents of whom staff have seen a paper
  std::vector<std::string> districts;  // empty: any district or none
};

// What is known of a resident.
struct Standing {
  bool verified = false;
  std::optional<absl::CivilDay> birth_date;
  std::string district;  // of the paper, else of the profile; may be empty
};

enum class Obstacle {
  kNone,
  kNotVerified,
  kUnknownAge,
  kTooYoung,
  kUnknownDistrict,
  kOtherDistrict,
};
// The first obstacle, in the order of the values.
Obstacle ObstacleOf(const Standing& standing, const EligibilityRule& rule, absl::CivilDay today);

// The last birth date with which a person has an age on `day`. An age is reached on the birthday;
// who was born on 29 February reaches it on 1 March of a common year.
absl::CivilDay LatestBirthDate(int age, absl::CivilDay day);

// Whether a resident of `district` may take part by the rule's districts.
bool AdmitsDistrict(const EligibilityRule& rule, absl::string_view district);

// Residents by district; "" has those without one.
using DistrictCounts = std::map<std::string, int64_t, std::less<>>;

// "YYYY-MM-DD"; nullopt for any other text and for days that are in no calendar.
std::optional<absl::CivilDay> ParseDay(absl::string_view text);

// What is wrong with a birth date, for Violations; empty for a valid one.
Text BirthDateProblem(absl::string_view text, absl::CivilDay today);
// The same for the kind of a paper.
Text DocumentKindProblem(absl::string_view kind);
// Adds a violation for every invalid field of the rule, each below `field`.
void CheckRule(const EligibilityRule& rule, absl::string_view field, Violations& violations);

}  // namespace veche::identity
