#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace veche::identity {

// Decides when a message may go to a provider: at most `rate` a second, and none for a while after
// the provider failed several times in a row (a circuit breaker). After that pause one message goes
// first; the others follow when it was taken. Thread-safe.
class Gate {
 public:
  // `rate` in messages a second; zero: no limit.
  explicit Gate(double rate) : rate_(rate), tokens_(Burst()) {}

  // Zero: one message may go now. The caller then calls Report or Leave once. Otherwise: how long
  // to wait before the next Enter.
  absl::Duration Enter(absl::Time now);
  // The same for a message that somebody waits for, such as a sign-in code: it goes at once, and
  // those that enter later wait the longer.
  void EnterUrgent(absl::Time now);

  // How the provider answered. A message that was refused for itself counts as a success here.
  void Report(bool success, absl::Time now);
  // There was no message to send.
  void Leave();

 private:
  double Burst() const { return rate_ > 1 ? rate_ : 1; }
  void Refill(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const double rate_;
  absl::Mutex mutex_;
  double tokens_ ABSL_GUARDED_BY(mutex_);  // below zero after urgent messages
  absl::Time refilled_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;  // in a row
  absl::Time open_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool trying_ ABSL_GUARDED_BY(mutex_) = false;  // one message tests the provider
};

}  // namespace veche::identity
