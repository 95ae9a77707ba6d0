#pragma once

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace veche::polling {

// Which issuers did not answer lately. Such an issuer is not asked for a second, and for twice as
// long after each further failure, at most kLongest. Thread-safe.
class IssuerPauses {
 public:
  static constexpr absl::Duration kLongest = absl::Minutes(1);

  explicit IssuerPauses(const Clock& clock) : clock_(clock) {}

  // OK when `issuer` may be asked; else the error that Note returned last.
  absl::Status Check(absl::string_view issuer);
  // Notes how a call of `issuer` ended. Returns `status`; Unavailable that names the issuer when
  // the issuer did not answer.
  absl::Status Note(absl::string_view issuer, absl::Status status);

 private:
  struct Pause {
    absl::Duration length;
    absl::Time end;
    absl::Status error;
  };

  const Clock& clock_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Pause> pauses_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::polling
