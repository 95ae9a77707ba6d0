#include "services/identity/domain/retry.h"

#include <algorithm>

namespace veche::identity {

absl::Duration PauseAfterAttempt(int attempt, double random) {
  constexpr absl::Duration kFirst = absl::Seconds(15);
  constexpr absl::Duration kLongest = absl::Hours(1);
  constexpr int kDoublings = 8;  // 15 s · 2⁸ is more than an hour
  const absl::Duration pause =
      std::min(kFirst * (1 << std::clamp(attempt - 1, 0, kDoublings)), kLongest);
  return pause * (0.75 + random / 2);
}

}  // namespace veche::identity
