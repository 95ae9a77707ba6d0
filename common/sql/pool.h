#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/error.h"

namespace veche::sql {

// A bounded set of connections, opened when first needed and reused, the most recently used first.
// A `Connection` has `bool usable() const`; a connection that is not usable is closed instead of
// reused. The pool must outlive its leases. Thread-safe.
template <typename Connection>
class Pool {
 public:
  using Open = std::function<absl::StatusOr<std::unique_ptr<Connection>>()>;

  // Holds a connection until it goes out of scope.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Connection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (connection_ != nullptr) pool_->Release(std::move(connection_));
    }

    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  Pool(int size, int max_waiting, Open open)
      : size_(size), max_waiting_(max_waiting), open_(std::move(open)) {}

  // Waits for a connection, at most 10 s and until `deadline`. ResourceExhausted (DATABASE_BUSY)
  // when too many callers wait or the wait is too long; DeadlineExceeded; the error of `open` when
  // that fails.
  absl::StatusOr<Lease> Acquire(absl::Time deadline = absl::InfiniteFuture()) {
    {
      absl::MutexLock lock(&mutex_);
      if (!HasRoom()) {
        if (waiting_ >= max_waiting_) return Busy();
        ++waiting_;
        const absl::Duration wait = std::min(kLongestWait, deadline - absl::Now());
        const bool free = mutex_.AwaitWithTimeout(absl::Condition(this, &Pool::HasRoom), wait);
        --waiting_;
        if (!free && wait < kLongestWait) {
          return absl::DeadlineExceededError("the deadline passed before a connection was free");
        }
        if (!free) return Busy();
      }
      if (!idle_.empty()) {
        std::unique_ptr<Connection> connection = std::move(idle_.back());
        idle_.pop_back();
        return Lease(*this, std::move(connection));
      }
      ++leased_or_idle_;
    }
    absl::StatusOr<std::unique_ptr<Connection>> opened = open_();
    if (!opened.ok()) {
      Forget();
      return opened.status();
    }
    return Lease(*this, *std::move(opened));
  }

 private:
  static constexpr absl::Duration kLongestWait = absl::Seconds(10);

  bool HasRoom() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return !idle_.empty() || leased_or_idle_ < size_;
  }
  static absl::Status Busy() {
    return WithRetryAfter(MakeError(absl::StatusCode::kResourceExhausted, "veche", "DATABASE_BUSY"),
                          absl::Seconds(1));
  }
  void Release(std::unique_ptr<Connection> connection) {
    if (!connection->usable()) {
      connection.reset();
      return Forget();
    }
    absl::MutexLock lock(&mutex_);
    idle_.push_back(std::move(connection));
  }
  void Forget() {
    absl::MutexLock lock(&mutex_);
    --leased_or_idle_;
  }

  const int size_;
  const int max_waiting_;
  const Open open_;
  absl::Mutex mutex_;
  int leased_or_idle_ ABSL_GUARDED_BY(mutex_) = 0;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::sql
