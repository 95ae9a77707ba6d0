#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

// The priority of an appeal, as a sum of reasons that staff can read. The classification service
// finds the reasons in the text; the appeals service adds the reasons that arise later (repeats,
// deadline). All functions are pure and thread-safe.

namespace veche::triage {

// Ordered: appeals of a higher level come first. The numbers equal those of
// veche.classification.v1.Priority.
enum class Level { kLow = 1, kNormal = 2, kHigh = 3, kEmergency = 4 };

struct Reason {
  std::string reason;    // "hazard", "hospital", "repeats" …
  int points = 0;        // negative lowers the priority
  std::string evidence;  // words of the text or a number; may be empty
  bool operator==(const Reason&) const = default;
};

struct Assessment {
  int score = 0;  // 0..100
  Level level = Level::kNormal;
  std::vector<Reason> reasons;  // the largest absolute number of points first
};

// The reason of any emergency: it alone gives the highest level.
inline constexpr absl::string_view kHazard = "hazard";
inline constexpr absl::string_view kRepeats = "repeats";
inline constexpr absl::string_view kDeadline = "deadline";

inline constexpr int kBaseScore = 30;  // score of an appeal without reasons
inline constexpr int kHighFrom = 60;
inline constexpr int kLowBelow = 20;

// Adds the points to kBaseScore. Of several reasons with the same name only the one with the most
// points (by absolute value) counts.
Assessment Assess(std::vector<Reason> reasons);

// The reason for `others` more people who report or support the same problem: from 5 points for one
// to 25 points for 50 or more; nothing for none.
std::optional<Reason> RepeatsReason(int64_t others);

// The reason for the time left to answer: 10 points when it is short, 25 when it is over, else
// nothing.
std::optional<Reason> DeadlineReason(bool short_of_time, bool over);

// Reasons as text for storage, one line each, and back. Lines that cannot be read are skipped.
std::string ToText(const std::vector<Reason>& reasons);
std::vector<Reason> FromText(absl::string_view text);

}  // namespace veche::triage
