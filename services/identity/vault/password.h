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
  // Each hash takes memory and a core, so few run at once and few may wait.
  int at_once = 2;
  int waiting = 4;
};

// Hashes and verifies passwords with argon2id. Slow on purpose: do not call it in a transaction.
// Thread-safe.
class Passwords {
 public:
  explicit Passwords(PasswordOptions options = {});

  // The hash with its parameters and salt, as it is stored. ResourceExhausted (TOO_MANY_SIGN_INS)
  // when `waiting` calls wait already.
  absl::StatusOr<std::string> Hash(absl::string_view password);
  // Whether `hash` is a hash of `password`. For an empty `hash`, that of an unknown login, the
  // answer is false and takes as long. Errors as of Hash.
  absl::StatusOr<bool> Verify(absl::string_view password, absl::string_view hash);

 private:
  class Slot;

  std::string Compute(absl::string_view password) const;
  bool MayRun() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return running_ < options_.at_once; }

  const PasswordOptions options_;
  const std::string unknown_login_hash_;
  absl::Mutex mutex_;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace veche::identity
