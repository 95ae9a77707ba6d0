#pragma once

#include <algorithm>

#include "absl/synchronization/mutex.h"

namespace veche::gateway {

// Keeps repeated calls at a tenth of all calls, so that services in trouble are not flooded: each
// call that succeeds earns a tenth of a repeat, up to ten repeats. Thread-safe.
class RepeatBudget {
 public:
  void Succeeded() {
    absl::MutexLock lock(&mutex_);
    repeats_ = std::min(repeats_ + kEarned, kMost);
  }
  // Whether a call may be repeated.
  bool Take() {
    absl::MutexLock lock(&mutex_);
    if (repeats_ < 1) return false;
    repeats_ -= 1;
    return true;
  }

 private:
  static constexpr double kEarned = 0.1;
  static constexpr double kMost = 10;

  absl::Mutex mutex_;
  double repeats_ ABSL_GUARDED_BY(mutex_) = kMost;
};

}  // namespace veche::gateway
