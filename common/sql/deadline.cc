#include "common/sql/deadline.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace veche::sql {
namespace {

thread_local absl::Time current = absl::InfiniteFuture();

}  // namespace

absl::Status CheckDeadline(absl::Time deadline) {
  if (deadline == absl::InfiniteFuture() || absl::Now() < deadline) return absl::OkStatus();
  return absl::DeadlineExceededError("the deadline passed before the statement");
}

DeadlineScope::DeadlineScope(absl::Time deadline) : outer_(current) {
  current = std::min(current, deadline);
}

DeadlineScope::~DeadlineScope() { current = outer_; }

absl::Time DeadlineScope::Current() { return current; }

}  // namespace veche::sql
