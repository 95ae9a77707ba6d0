#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace veche::sql {

// DeadlineExceeded after `deadline`.
absl::Status CheckDeadline(absl::Time deadline);

// The transactions that this thread begins during the life of a scope end with DeadlineExceeded
// soon after its deadline: they wait no longer for a connection or in a queue, and no statement
// runs longer (except a writing one in SQLite). Scopes nest; the earlier deadline counts.
class DeadlineScope {
 public:
  explicit DeadlineScope(absl::Time deadline);
  ~DeadlineScope();
  DeadlineScope(const DeadlineScope&) = delete;
  DeadlineScope& operator=(const DeadlineScope&) = delete;

  // The deadline of this thread's innermost scope; InfiniteFuture without one.
  static absl::Time Current();

 private:
  const absl::Time outer_;
};

}  // namespace veche::sql
