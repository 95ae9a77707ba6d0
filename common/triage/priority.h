#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

// How urgent an appeal is, as a sum of reasons that staff can read. Pure. Classification finds the
// reasons that a text gives, appeals adds those of what happens later.

namespace veche::triage {

// Ordered: the higher the sooner. The numbers are those of veche.classification.v1.Priority.
enum class Level { kLow = 1, kNormal = 2, kHigh = 3, kEmergency = 4 };

struct Reason {
  std::string reason;    // "hazard", "hospital", "repeats" …
  int points = 0;        // negative for what can wait
  std::string evidence;  // words of the text, a number; may be empty
  bool operator==(const Reason&) const = default;
};

struct Assessment {
  int score = 0;  // 0..100
  Level level = Level::kNormal;
  std::vector<Reason> reasons;  // the weightiest first
};

// The reason of an emergency, of any kind: alone enough for the highest level.
inline constexpr absl::string_view kHazard = "hazard";
inline constexpr absl::string_view kRepeats = "repeats";
inline constexpr absl::string_view kDeadline = "deadline";

inline constexpr int kBaseScore = 30;  // of a text without reasons
inline constexpr int kHighFrom = 60;
inline constexpr int kLowBelow = 20;

// Adds the points up. Of reasons of the same name the weightiest counts.
Assessment Assess(std::vector<Reason> reasons);

// Others who report or support the same: 5 points for one, more slowly for more, to 25.
std::optional<Reason> RepeatsReason(int64_t others);

// How little is left of the time to answer: 10 points when it is short, 25 when it is over.
std::optional<Reason> DeadlineReason(bool short_of_time, bool over);

// For keeping: one line for each reason, and back. What cannot be read is left out.
std::string ToText(const std::vector<Reason>& reasons);
std::vector<Reason> FromText(absl::string_view text);

}  // namespace veche::triage
