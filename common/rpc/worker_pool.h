#pragma once

#include <prometheus/gauge.h>

#include <deque>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace veche::rpc {

// A fixed number of threads and a bounded queue. Thread-safe.
class WorkerPool {
 public:
  using Task = absl::AnyInvocable<void()>;

  // `waiting` is set to the length of the queue; it must outlive the pool. `background`: see
  // DispatcherOptions.
  WorkerPool(int threads, int queue, bool background, prometheus::Gauge& waiting);
  // Runs the queued tasks, then ends the threads.
  ~WorkerPool() { Shutdown(); }

  // Queues the start of a call. ResourceExhausted when the queue is full, Unavailable after
  // Shutdown; `task` is then dropped.
  absl::Status Post(Task task);
  // Queues the next step of a running call. Not bounded, because a call has at most one step
  // queued. False after Shutdown.
  bool PostStep(Task task);

  // Runs the queued tasks and waits for them. Must not be called from a task.
  void Shutdown();

 private:
  void Work(bool background);

  const size_t capacity_;
  prometheus::Gauge& waiting_;
  absl::Mutex mutex_;
  absl::CondVar wake_;
  std::deque<Task> tasks_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Mutex join_mutex_;
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(join_mutex_);
};

}  // namespace veche::rpc
