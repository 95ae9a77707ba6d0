#include "services/notifications/domain/retry.h"

#include <algorithm>

namespace veche::notifications {
namespace {

constexpr absl::Duration kFirst = absl::Seconds(5);
constexpr absl::Duration kLongest = absl::Hours(1);
constexpr int kFactor = 4;

}  // namespace

absl::Duration RetryPause(int attempt, double random) {
  absl::Duration pause = kFirst;
  for (int i = 1; i < attempt && pause < kLongest; ++i) pause *= kFactor;
  return std::min(pause, kLongest) * (0.5 + 0.5 * random);
}

}  // namespace veche::notifications
