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

// Token buckets by key, in bounded memory: beyond `capacity` keys the least recently used are
// dropped; a dropped key starts again with a full bucket. Thread-safe.
class RateLimiter {
 public:
  // `rate` tokens a second up to `burst`; a rate of zero or less never refuses.
  RateLimiter(double rate, double burst, size_t capacity, const Clock& clock);

  // Zero if the request is allowed (one token is taken), else the time until a token is available.
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
  // Two generations approximate the order of use: when the young one is full, it becomes the old
  // one, and the former old one is dropped.
  Buckets young_ ABSL_GUARDED_BY(mutex_);
  Buckets old_ ABSL_GUARDED_BY(mutex_);
};

// Counts the open slots of each key, up to a limit. Thread-safe.
class SlotCounter : public std::enable_shared_from_this<SlotCounter> {
 public:
  // A limit of zero or less means no limit.
  explicit SlotCounter(int limit) : limit_(limit) {}

  // A slot that is held until the result is destroyed; null when all slots of the key are taken.
  std::shared_ptr<void> Take(absl::string_view key);

 private:
  const int limit_;
  absl::Mutex mutex_;
  absl::flat_hash_map<uint64_t, int> taken_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::gateway
