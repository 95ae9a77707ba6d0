#pragma once

#include <functional>
#include <string>
#include <thread>

#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace veche {

struct WorkerOptions {
  std::string name;         // of the thread, for debuggers; Linux keeps 15 bytes of it
  bool background = false;  // low priority (thread_priority.h)
  // Called on the thread with the text of an exception that a step threw. Must not throw.
  std::function<void(absl::string_view what)> on_exception = {};
  absl::Duration pause_after_exception = absl::Seconds(5);
};

// One background thread that runs a step again and again. The step returns the pause until the next
// step; InfiniteDuration() means until Wake. Steps never overlap.
//
// - Wake ends the pause. Each Wake is followed by a step that begins after it, so the step sees
// everything that the caller of Wake did before; several Wakes may share a step. A Wake while a
// step runs makes the next step follow at once. A Wake before Start replaces the first pause.
// - Stop lets a step that runs come to its end, and no step begins after it. A step that takes long
//   looks at stopping(). A step that waits for something else needs an owner that calls
//   RequestStop, then ends that wait, then calls Stop.
// - The destructor calls Stop. Declare a Worker after what its step uses, so that it is destroyed
// first.
//
// Thread-safe; the step may call everything but the destructor.
class Worker {
 public:
  using Step = std::function<absl::Duration()>;

  // No thread runs before Start.
  Worker(WorkerOptions options, Step step);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() { Stop(); }

  // Starts the thread; its first step follows after `first_pause`. Does nothing when the thread was
  // started before, or after a stop: a Worker does not start again.
  void Start(absl::Duration first_pause = absl::ZeroDuration());
  // Does nothing after a stop. Quick.
  void Wake();
  // Makes stopping() true; does not wait. Quick.
  void RequestStop();
  // RequestStop, then waits until the thread has ended. From the step itself it does not wait. May
  // be called repeatedly, from many threads, and before Start.
  void Stop();
  bool stopping() const;

 private:
  void Run(absl::Duration first_pause);
  // Waits; false when the thread has to end.
  bool Pause(absl::Duration longest);
  absl::Duration RunStep();

  const WorkerOptions options_;
  const Step step_;
  mutable absl::Mutex mutex_;
  bool awake_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread::id runner_ ABSL_GUARDED_BY(mutex_);
  absl::Mutex thread_mutex_;  // held while joining; taken before mutex_
  std::thread thread_ ABSL_GUARDED_BY(thread_mutex_);
};

}  // namespace veche
