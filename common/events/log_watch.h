#pragma once

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"
#include "common/events/event_log.h"

namespace veche::events {

// Paces a reader that has read the log to its end. A commit of this process wakes it at once; what
// other processes wrote, and what PostgreSQL still hides behind a running transaction, is found by
// polling, often at first and more seldom the longer nothing comes. For one thread.
class LogWatch {
 public:
  explicit LogWatch(EventLog& log) : log_(log) {}

  // Call before each read, so that a commit during the read is not slept through.
  void BeforeRead() {
    const uint64_t now = log_.WaitForChange(generation_, absl::ZeroDuration());
    if (now != generation_) pause_ = kShortest;
    generation_ = now;
  }
  // Call after a read that found nothing. Returns after `longest` at the latest.
  void Wait(absl::Duration longest) {
    log_.WaitForChange(generation_, std::min(pause_, longest));
    pause_ = std::min(pause_ * 2, kLongest);
  }

 private:
  static constexpr absl::Duration kShortest = absl::Milliseconds(2);
  static constexpr absl::Duration kLongest = absl::Milliseconds(500);

  EventLog& log_;
  uint64_t generation_ = 0;
  absl::Duration pause_ = kShortest;
};

}  // namespace veche::events
