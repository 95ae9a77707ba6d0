#include "common/triage/priority.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace veche::triage {
namespace {

// The smallest number of others, and its points.
constexpr std::pair<int64_t, int> kRepeatPoints[] = {{50, 25}, {20, 20}, {10, 15}, {3, 10}, {1, 5}};
constexpr int kSoonPoints = 10;
constexpr int kOverduePoints = 25;

}  // namespace

Assessment Assess(std::vector<Reason> reasons) {
  std::stable_sort(reasons.begin(), reasons.end(), [](const Reason& a, const Reason& b) {
    return std::abs(a.points) > std::abs(b.points);
  });
  Assessment assessment;
  int sum = kBaseScore;
  bool hazard = false;
  for (Reason& reason : reasons) {
    const bool known =
        std::any_of(assessment.reasons.begin(), assessment.reasons.end(),
                    [&reason](const Reason& other) { return other.reason == reason.reason; });
    if (known) continue;
    sum += reason.points;
    hazard |= reason.reason == kHazard;
    assessment.reasons.push_back(std::move(reason));
  }
  assessment.score = std::clamp(sum, 0, 100);
  if (hazard) {
    assessment.level = Level::kEmergency;
  } else if (assessment.score >= kHighFrom) {
    assessment.level = Level::kHigh;
  } else if (assessment.score < kLowBelow) {
    assessment.level = Level::kLow;
  }
  return assessment;
}

std::optional<Reason> RepeatsReason(int64_t others) {
  for (const auto& [from, points] : kRepeatPoints) {
    if (others >= from) return Reason{std::string(kRepeats), points, absl::StrCat(others)};
  }
  return std::nullopt;
}

std::optional<Reason> DeadlineReason(bool short_of_time, bool over) {
  if (over) return Reason{std::string(kDeadline), kOverduePoints, ""};
  if (short_of_time) return Reason{std::string(kDeadline), kSoonPoints, ""};
  return std::nullopt;
}

std::string ToText(const std::vector<Reason>& reasons) {
  std::string text;
  for (const Reason& reason : reasons) {
    absl::StrAppend(&text, reason.reason, "\t", reason.points, "\t",
                    absl::StrReplaceAll(reason.evidence, {{"\t", " "}, {"\n", " "}, {"\r", " "}}),
                    "\n");
  }
  return text;
}

std::vector<Reason> FromText(absl::string_view text) {
  std::vector<Reason> reasons;
  for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    Reason reason;
    if (cells.size() != 3 || !absl::SimpleAtoi(cells[1], &reason.points)) continue;
    reason.reason = cells[0];
    reason.evidence = cells[2];
    reasons.push_back(std::move(reason));
  }
  return reasons;
}

}  // namespace veche::triage
