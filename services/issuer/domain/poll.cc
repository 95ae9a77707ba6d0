#include "services/issuer/domain/poll.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/issuer/domain/errors.h"

namespace veche::issuer {
namespace {

constexpr size_t kMostId = 64;
constexpr int kOldest = 150;  // years

bool IsPollId(absl::string_view id) {
  return !id.empty() && id.size() <= kMostId && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '_';
  });
}

}  // namespace

void CheckPoll(const Poll& poll, Violations& violations) {
  if (!IsPollId(poll.id)) violations.Add("poll", "POLL_ID");
  const EligibilityRule& rule = poll.eligibility;
  if (rule.min_age < 0 || rule.min_age > kOldest) {
    violations.Add("eligibility.minAge",
                   {"OUT_OF_RANGE", {{"least", "0"}, {"most", absl::StrCat(kOldest)}}});
  }
  for (const std::string& district : rule.districts) {
    if (!absl::StartsWith(district, "districts/")) {
      violations.Add("eligibility.districts", {"NAME_FORM", {{"form", "districts/{id}"}}});
    }
  }
  if (poll.close_time <= poll.open_time) violations.Add("closeTime", "CLOSE_BEFORE_OPEN");
}

absl::Status CheckOpen(const Poll& poll, absl::Time now) {
  if (now < poll.open_time) return PollNotOpen();
  return now < poll.close_time ? absl::OkStatus() : PollClosed();
}

}  // namespace veche::issuer
