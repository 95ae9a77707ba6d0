#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace veche::identity {

struct PasswordOptions {
  // OWASP's second choice for argon2id: 19 MiB, two passes, one lane; 15–30 ms of one core.
  int memory_kib = 19 * 1024;
  int passes = 2;
  // Each one takes memory and a core, so few at once and few that wait.
  int at_once = 2;
  int waiting = 4;
};

// Hashes and verifies passwords with argon2id. Slow on purpose: never inside a transaction.
// Thread-safe.
class Passwords {
 public:
  explicit Passwords(PasswordOptions options = {});

  // The hash with its parameters and salt, as it is stored. ResourceExhausted (reason
  // TOO_MANY_SIGN_INS) when too many are at it.
  absl::StatusOr<std::string> Hash(absl::string_view password);
  // Whether `password` made `hash`. An empty `hash`, of a login that nobody has, takes as long and
  // is false. Errors as above.
  absl::StatusOr<bool> Verify(absl::string_view password, absl::string_view hash);

 private:
  class Turn;

  std::string Compute(absl::string_view password) const;
  bool MayRun() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return running_ < options_.at_once; }

  const PasswordOptions options_;
  const std::string nobodys_hash_;
  absl::Mutex mutex_;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace veche::identity
