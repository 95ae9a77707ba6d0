#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/blind_rsa/keys.h"

namespace veche::issuer {

struct SignerOptions {
  // A signature takes about two milliseconds of one core: more at once than cores only slow each
  // other down, and the rest of the service.
  int at_once = 2;
  int waiting = 64;
};

// Runs a bounded number of RSA's private operations. Slow: do not call it in a transaction.
// Thread-safe.
class Signer {
 public:
  explicit Signer(SignerOptions options) : options_(options) {}

  // key.BlindSign(blinded), with its errors. ResourceExhausted (ISSUER_BUSY) when `waiting` calls
  // wait already.
  absl::StatusOr<std::string> Sign(const blind_rsa::PrivateKey& key, absl::string_view blinded);

 private:
  bool MayRun() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return running_ < options_.at_once; }

  const SignerOptions options_;
  absl::Mutex mutex_;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace veche::issuer
