#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/text.h"

// How much residents may write, and what nobody may. The rules are few and say what to change, so
// that nobody is silenced without knowing why. Texts of new accounts are also checked for spam
// (remote/spam_check.h). Pure.

namespace veche::polling {

// How many comments a resident may write within each of two times.
struct CommentLimits {
  int short_count = 0;
  absl::Duration short_time;
  int day_count = 0;
};
inline constexpr absl::Duration kNewAccount = absl::Hours(24 * 7);

// The age of the account "residents/{ulid}"; infinite for names that tell no time.
absl::Duration AccountAge(absl::string_view resident, absl::Time now);
CommentLimits LimitsFor(absl::Duration account_age);

// How long the resident has to wait before the next comment; zero: not at all. `written`: the times
// of the resident's comments of the last 24 hours, newest first.
absl::Duration WaitBeforeNext(const CommentLimits& limits, absl::Span<const absl::Time> written,
                              absl::Time now);

// Why a text is refused, however old the account is; empty when it is fine. `recent`: the
// resident's latest texts.
Text SpamProblem(absl::string_view text, absl::Span<const std::string> recent);

}  // namespace veche::polling
