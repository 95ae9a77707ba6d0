#pragma once

#include <gmock/gmock.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/error.h"

// gmock matchers for absl::Status and absl::StatusOr.

namespace veche::testing {

inline const absl::Status& AsStatus(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& AsStatus(const absl::StatusOr<T>& result) {
  return result.status();
}

MATCHER(IsOk, "is OK") {
  *result_listener << AsStatus(arg).ToString();
  return AsStatus(arg).ok();
}

MATCHER_P(StatusIs, code, absl::StatusCodeToString(code)) {
  *result_listener << AsStatus(arg).ToString();
  return AsStatus(arg).code() == code;
}

// Matches the reason of an error made by MakeError.
MATCHER_P(HasReason, reason, "") {
  *result_listener << AsStatus(arg).ToString();
  return ErrorReason(AsStatus(arg)) == reason;
}

MATCHER_P(IsOkAndHolds, matcher, "") {
  if (!arg.ok()) {
    *result_listener << arg.status().ToString();
    return false;
  }
  return ::testing::ExplainMatchResult(matcher, *arg, result_listener);
}

}  // namespace veche::testing

#define ASSERT_OK(expr) ASSERT_THAT((expr), ::veche::testing::IsOk())
#define EXPECT_OK(expr) EXPECT_THAT((expr), ::veche::testing::IsOk())
