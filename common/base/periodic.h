#pragma once

#include <functional>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace veche {

// Runs work on a thread of its own: once at the start, then with a pause after each run. Stop ends
// the pause at once and waits for work under way, which looks at stopping() if it takes long.
// Thread-safe.
class Periodic {
 public:
  Periodic(absl::Duration pause, std::function<void()> work)
      : pause_(pause), work_(std::move(work)) {}
  Periodic(const Periodic&) = delete;
  Periodic& operator=(const Periodic&) = delete;
  ~Periodic() { Stop(); }

  // REQUIRES: called at most once.
  void Start() {
    thread_ = std::thread([this] {
      do {
        work_();
      } while (!WaitForStop());
    });
  }

  void Stop() {
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    if (thread_.joinable()) thread_.join();
  }

  bool stopping() const {
    absl::MutexLock lock(&mutex_);
    return stopping_;
  }

 private:
  bool WaitForStop() {
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&stopping_), pause_);
  }

  const absl::Duration pause_;
  const std::function<void()> work_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace veche
