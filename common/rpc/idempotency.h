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

// The stored answers of a service by Idempotency-Key (IETF draft idempotency-key-header): the same
// key and request from the same caller get the same answer for 48 hours. Call::Remember stores the
// answer. Thread-safe.
class Idempotency {
 public:
  Idempotency(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // Reserves a key while its call runs, so that a concurrent call with the same key in this process
  // is refused. Must be destroyed before the Idempotency.
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

  // The stored answer (serialised), or a Hold when the call has to run. FailedPrecondition with
  // reason IDEMPOTENCY_KEY_REUSED when the key was used for another request; Aborted with reason
  // IDEMPOTENCY_KEY_IN_USE and RetryInfo when a call with this key is running in this process.
  absl::StatusOr<std::variant<std::string, std::unique_ptr<Hold>>> Begin(const IdempotencyKey& key);

  // The stored answer, if there is one. FailedPrecondition as in Begin.
  absl::StatusOr<std::optional<std::string>> Find(const IdempotencyKey& key);

  // Deletes the answers older than 48 hours; returns their number.
  absl::StatusOr<int64_t> Prune();

 private:
  void Release(const std::string& name);

  sql::Database& database_;
  const Clock& clock_;
  absl::Mutex mutex_;
  absl::flat_hash_set<std::string> held_ ABSL_GUARDED_BY(mutex_);
};

// The migrations of the table; apply them before the service's own.
absl::Span<const EmbeddedFile> IdempotencyMigrations();

}  // namespace veche::rpc
