#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/sql/database.h"

namespace veche::sql::testing {

// A database that tells tests of each commit through it, so that they wait for what another thread
// writes without sleeping. For tests only. Thread-safe.
class CommitBell final : public Database {
 public:
  explicit CommitBell(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  absl::Status Read(TransactionBody body) override { return database_->Read(body); }
  absl::Status Write(TransactionBody body) override { return Ring(database_->Write(body)); }
  absl::Status WriteInBackground(TransactionBody body) override {
    return Ring(database_->WriteInBackground(body));
  }
  Engine engine() const override { return database_->engine(); }

  // Evaluates `condition`, which may read the database, now and after each commit, until it is true
  // or `longest` is over. Returns whether it is true.
  bool Await(absl::FunctionRef<bool()> condition, absl::Duration longest = absl::Seconds(20)) {
    const absl::Time deadline = absl::Now() + longest;
    while (true) {
      int64_t seen;
      {
        absl::MutexLock lock(&mutex_);
        seen = commits_;
      }
      if (condition()) return true;
      const auto another = [&] { return commits_ != seen; };
      absl::MutexLock lock(&mutex_);
      if (!mutex_.AwaitWithDeadline(absl::Condition(&another), deadline)) return false;
    }
  }

 private:
  absl::Status Ring(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    ++commits_;
    return status;
  }

  const std::unique_ptr<Database> database_;
  absl::Mutex mutex_;
  int64_t commits_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace veche::sql::testing
