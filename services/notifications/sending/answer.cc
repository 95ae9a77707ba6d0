#include "services/notifications/sending/answer.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace veche::notifications {
namespace {

constexpr absl::Duration kLongestRest = absl::Hours(1);

// RFC 9110, 10.2.3: seconds or a date.
absl::Duration RetryAfterOf(absl::string_view header, absl::Time now) {
  int64_t seconds = 0;
  absl::Time date;
  std::string error;
  absl::Duration pause = absl::ZeroDuration();
  if (absl::SimpleAtoi(header, &seconds)) {
    pause = absl::Seconds(seconds);
  } else if (absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", header, &date, &error)) {
    pause = date - now;
  }
  return std::clamp(pause, absl::ZeroDuration(), kLongestRest);
}

Verdict JudgeFailure(const absl::Status& status) {
  using Kind = Verdict::Kind;
  switch (status.code()) {
    case absl::StatusCode::kDeadlineExceeded:
      return {.kind = Kind::kRetry, .error = "TIMEOUT", .provider_well = false};
    case absl::StatusCode::kPermissionDenied:
      return {.kind = Kind::kRefused, .error = "ADDRESS_NOT_PUBLIC"};
    case absl::StatusCode::kInvalidArgument:
      return {.kind = Kind::kRefused, .error = "URL"};
    case absl::StatusCode::kOutOfRange:
      // The server answered, so it has the message; more is not known.
      return {.kind = Kind::kRefused, .error = "ANSWER_TOO_LARGE"};
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kCancelled:
      return {.kind = Kind::kRetry, .error = "NOT_SENT"};
    default:
      return {.kind = Kind::kRetry, .error = "NO_CONNECTION", .provider_well = false};
  }
}

}  // namespace

Verdict Judge(const absl::StatusOr<http_client::Response>& answer, absl::Time now) {
  using Kind = Verdict::Kind;
  if (!answer.ok()) return JudgeFailure(answer.status());
  const int status = answer->status;
  if (status >= 200 && status < 300) return {};
  Verdict verdict{.kind = Kind::kRefused, .error = absl::StrCat("HTTP_", status)};
  if (status == 404 || status == 410) {
    verdict.kind = Kind::kGone;
  } else if (status == 408 || status == 429 || status >= 500) {
    verdict.kind = Kind::kRetry;
    verdict.retry_after = RetryAfterOf(answer->Header("retry-after"), now);
    verdict.provider_well = status < 500;
  }
  return verdict;
}

}  // namespace veche::notifications
