#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace veche::gateway {

// Token buckets by key, in bounded memory: of more keys than `capacity` those not seen for longest
// are forgotten, and begin again with a full bucket. Thread-safe.
class RateLimiter {
 public:
  // `rate` tokens a second up to `burst`; a rate of zero or less never refuses.
  RateLimiter(double rate, double burst, size_t capacity, const Clock& clock);

  // Zero when the key may go on (and has paid), else how long until it may.
  absl::Duration Take(absl::string_view key);

 private:
  struct Bucket {
    double tokens;
    absl::Time time;
  };
  using Buckets = absl::flat_hash_map<uint64_t, Bucket>;

  const double rate_;
  const double burst_;
  const size_t half_;
  const Clock& clock_;
  absl::Mutex mutex_;
  // Two generations stand for an order of use: when the young is full, it becomes the old, and the
  // old is dropped.
  Buckets young_ ABSL_GUARDED_BY(mutex_);
  Buckets old_ ABSL_GUARDED_BY(mutex_);
};

// Counts what is open for each key, up to a limit. Thread-safe.
class SlotCounter : public std::enable_shared_from_this<SlotCounter> {
 public:
  // Zero or less: no limit.
  explicit SlotCounter(int limit) : limit_(limit) {}

  // Holds a place until it is destroyed; null when all of the key's are taken.
  std::shared_ptr<void> Take(absl::string_view key);

 private:
  const int limit_;
  absl::Mutex mutex_;
  absl::flat_hash_map<uint64_t, int> taken_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::gateway
