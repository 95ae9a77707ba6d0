#include "common/rpc/worker_pool.h"

#include <algorithm>

#include "common/base/thread_priority.h"

namespace veche::rpc {

WorkerPool::WorkerPool(int threads, int queue, bool background, prometheus::Gauge& waiting)
    : capacity_(static_cast<size_t>(std::max(queue, 1))), waiting_(waiting) {
  absl::MutexLock lock(&join_mutex_);
  for (int i = 0; i < std::max(threads, 1); ++i)
    threads_.emplace_back([this, background] { Work(background); });
}

absl::Status WorkerPool::Post(Task task) {
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return absl::UnavailableError("the service is stopping");
    if (tasks_.size() >= capacity_) return absl::ResourceExhaustedError("the queue is full");
    tasks_.push_back(std::move(task));
  }
  waiting_.Increment();
  wake_.Signal();
  return absl::OkStatus();
}

bool WorkerPool::PostStep(Task task) {
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return false;
    tasks_.push_back(std::move(task));
  }
  waiting_.Increment();
  wake_.Signal();
  return true;
}

void WorkerPool::Shutdown() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  wake_.SignalAll();
  absl::MutexLock lock(&join_mutex_);
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void WorkerPool::Work(bool background) {
  if (background) RunInBackground();
  while (true) {
    Task task;
    {
      absl::MutexLock lock(&mutex_);
      while (tasks_.empty() && !stopping_) wake_.Wait(&mutex_);
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    waiting_.Decrement();
    std::move(task)();
  }
}

}  // namespace veche::rpc
