#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/base/embedded_file.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"

namespace veche::rpc {

// A service's memory of answers by Idempotency-Key (IETF draft idempotency-key-header): the same
// key and request from the same caller gives the same answer for 48 hours. The answer is stored by
// Call::Remember. Thread-safe.
class Idempotency {
 public:
  Idempotency(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // Holds a key while its call runs, so that a twin in this process is told to wait.
  class Hold {
   public:
    Hold(Idempotency& owner, std::string name) : owner_(owner), name_(std::move(name)) {}
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    ~Hold() { owner_.Release(name_); }

   private:
    Idempotency& owner_;
    const std::string name_;
  };

  // The stored answer (serialised), or a Hold to go on with. FailedPrecondition with reason
  // IDEMPOTENCY_KEY_REUSED when the key came with another request; Aborted with reason
  // IDEMPOTENCY_KEY_IN_USE and RetryInfo when its twin is in flight.
  absl::StatusOr<std::variant<std::string, std::unique_ptr<Hold>>> Begin(const IdempotencyKey& key);

  // The stored answer, if there is one. FailedPrecondition as Begin.
  absl::StatusOr<std::optional<std::string>> Find(const IdempotencyKey& key);

  // Deletes what is older than 48 hours; returns how many.
  absl::StatusOr<int64_t> Prune();

 private:
  void Release(const std::string& name);

  sql::Database& database_;
  const Clock& clock_;
  absl::Mutex mutex_;
  absl::flat_hash_set<std::string> held_ ABSL_GUARDED_BY(mutex_);
};

// The table; put it before the service's own migrations.
absl::Span<const EmbeddedFile> IdempotencyMigrations();

}  // namespace veche::rpc
