#pragma once

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"
#include "common/events/event_log.h"

namespace veche::events {

// Decides when a reader at the end of the log reads again. A commit wakes the reader: one of this
// process at once, one of another process within milliseconds. Events whose notification was lost,
// and events that PostgreSQL still hides behind a running transaction, are found by polling: 2 ms
// after a commit at first, then less and less often. `log` must outlive the watch. Not thread-safe.
class LogWatch {
 public:
  explicit LogWatch(EventLog& log) : log_(log) {}

  // Call before each read, so that the next Wait notices a commit during the read.
  void BeforeRead() {
    const uint64_t now = log_.WaitForChange(generation_, absl::ZeroDuration());
    if (now != generation_) pause_ = kShortest;
    generation_ = now;
  }
  // Call after a read that found no event. Returns after `longest` at the latest.
  void Wait(absl::Duration longest) {
    log_.WaitForChange(generation_, std::min(pause_, longest));
    pause_ = std::min(pause_ * 2, log_.HearsOthers() ? kLongest : kLongestDeaf);
  }

 private:
  static constexpr absl::Duration kShortest = absl::Milliseconds(2);
  static constexpr absl::Duration kLongest = absl::Seconds(2);
  static constexpr absl::Duration kLongestDeaf = absl::Milliseconds(500);

  EventLog& log_;
  uint64_t generation_ = 0;
  absl::Duration pause_ = kShortest;
};

}  // namespace veche::events
