#pragma once

#include <string>

#include "absl/time/time.h"

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

}  // namespace veche::notifications
