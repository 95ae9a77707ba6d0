#pragma once

#include "absl/time/time.h"

namespace veche::notifications {

// After so many attempts, in about eight hours, a delivery is dead.
constexpr int kMostAttempts = 12;

// The pause after the attempt number `attempt` (from 1) failed: 5 s, 20 s, 80 s … at most an hour,
// and of that at least half. `random`, from 0 to 1, spreads attempts that failed together.
absl::Duration RetryPause(int attempt, double random);

}  // namespace veche::notifications
