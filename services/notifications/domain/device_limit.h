#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace veche::notifications {

// How many devices one address may register in an hour, in bounded memory. Thread-safe.
class DeviceLimit {
 public:
  explicit DeviceLimit(int most) : most_(most) {}

  // True, and counts one, while the address has not reached the limit.
  bool Take(absl::string_view address, absl::Time now);

 private:
  const int most_;
  absl::Mutex mutex_;
  absl::Time begin_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();  // of the hour
  absl::flat_hash_map<std::string, int> taken_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::notifications
