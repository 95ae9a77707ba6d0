#pragma once

#include "absl/time/time.h"

// When a message that was not sent is tried again.

namespace veche::identity {

// After so many attempts a message is dead. The pauses between them are about a day together.
inline constexpr int kMostAttempts = 32;

// A claim ends after this time: the process that made it seems dead. No attempt takes as long.
inline constexpr absl::Duration kClaimLifetime = absl::Minutes(3);

// The pause after the attempt number `attempt` (1 is the first): 15 seconds, doubled with each
// attempt up to an hour. `random` in [0, 1) moves the pause by up to a quarter either way, so that
// messages that failed together do not come back together.
absl::Duration PauseAfterAttempt(int attempt, double random);

}  // namespace veche::identity
