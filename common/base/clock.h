#pragma once

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace veche {

// The time of day. Passed in as a dependency, so that tests can set it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

// Microseconds since the Unix epoch, UTC: the form in which databases store time.
inline int64_t ToMicros(absl::Time time) { return absl::ToUnixMicros(time); }
inline absl::Time FromMicros(int64_t micros) { return absl::FromUnixMicros(micros); }

}  // namespace veche
