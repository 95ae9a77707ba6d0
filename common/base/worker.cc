#include "common/base/worker.h"

#include <pthread.h>

#include <exception>
#include <utility>

#include "common/base/thread_priority.h"

namespace veche {
namespace {

constexpr size_t kLongestName = 15;  // Linux refuses longer names

}  // namespace

Worker::Worker(WorkerOptions options, Step step)
    : options_(std::move(options)), step_(std::move(step)) {}

void Worker::Start(absl::Duration first_pause) {
  absl::MutexLock lock(&thread_mutex_);
  if (thread_.joinable() || stopping()) return;
  thread_ = std::thread([this, first_pause] { Run(first_pause); });
}

void Worker::Wake() {
  absl::MutexLock lock(&mutex_);
  awake_ = true;
}

void Worker::RequestStop() {
  absl::MutexLock lock(&mutex_);
  stopping_ = true;
}

void Worker::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    if (runner_ == std::this_thread::get_id()) return;
  }
  absl::MutexLock lock(&thread_mutex_);
  if (thread_.joinable()) thread_.join();
}

bool Worker::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

void Worker::Run(absl::Duration first_pause) {
  pthread_setname_np(pthread_self(), options_.name.substr(0, kLongestName).c_str());
  if (options_.background) RunInBackground();
  {
    absl::MutexLock lock(&mutex_);
    runner_ = std::this_thread::get_id();
  }
  absl::Duration pause = first_pause;
  while (Pause(pause)) pause = RunStep();
  // Once the thread has ended, the system may give its id to another thread.
  absl::MutexLock lock(&mutex_);
  runner_ = std::thread::id();
}

bool Worker::Pause(absl::Duration longest) {
  absl::MutexLock lock(&mutex_);
  const auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return awake_ || stopping_; };
  mutex_.AwaitWithTimeout(absl::Condition(&due), longest);
  awake_ = false;
  return !stopping_;
}

absl::Duration Worker::RunStep() {
  try {
    return step_();
  } catch (const std::exception& exception) {
    if (options_.on_exception) options_.on_exception(exception.what());
  } catch (...) {
    if (options_.on_exception) options_.on_exception("an exception of unknown type");
  }
  return options_.pause_after_exception;
}

}  // namespace veche
