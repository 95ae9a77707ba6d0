#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/http_client/client.h"

namespace veche::notifications {

// What an attempt came to.
struct Verdict {
  enum class Kind {
    kSent,     // the provider has it
    kRetry,    // another attempt may succeed
    kGone,     // the endpoint exists no more
    kRefused,  // no attempt will succeed
  };
  Kind kind = Kind::kSent;
  std::string error = {};  // a reason for administrators: "TIMEOUT", "HTTP_413"; "" when sent
  // When the provider wants the next request, if it said so; zero otherwise.
  absl::Duration retry_after = absl::ZeroDuration();
  bool provider_well = true;  // for the circuit breaker
};

// What the answer of a push service (RFC 8030) or of a webhook means: 2xx sent; 404 and 410 gone;
// 429, 5xx and no answer retry; all others refused. `now` is for a Retry-After with a date.
Verdict Judge(const absl::StatusOr<http_client::Response>& answer, absl::Time now);

}  // namespace veche::notifications
