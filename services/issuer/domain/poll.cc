#include "services/issuer/domain/poll.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/issuer/domain/errors.h"

namespace veche::issuer {
namespace {

constexpr size_t kMostId = 32;          // as in docs/polling-protocol.md
constexpr size_t kMostDistrictId = 63;  // as in the directory
constexpr int kOldest = 150;            // years

bool IsId(absl::string_view id, size_t most) {
  return !id.empty() && id.size() <= most && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' || c == '_';
  });
}

bool IsDistrictName(absl::string_view name) {
  return absl::ConsumePrefix(&name, "districts/") && IsId(name, kMostDistrictId);
}

}  // namespace

void CheckPoll(const Poll& poll, Violations& violations) {
  if (!IsId(poll.id, kMostId)) violations.Add("poll", "POLL_ID");
  const EligibilityRule& rule = poll.eligibility;
  if (rule.min_age < 0 || rule.min_age > kOldest) {
    violations.Add("eligibility.minAge",
                   {"OUT_OF_RANGE", {{"least", "0"}, {"most", absl::StrCat(kOldest)}}});
  }
  for (const std::string& district : rule.districts) {
    if (!IsDistrictName(district)) {
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
