#include "common/sql/deadline.h"

#include <algorithm>

namespace veche::sql {
namespace {

thread_local absl::Time current = absl::InfiniteFuture();

}  // namespace

DeadlineScope::DeadlineScope(absl::Time deadline) : outer_(current) {
  current = std::min(current, deadline);
}

DeadlineScope::~DeadlineScope() { current = outer_; }

absl::Time DeadlineScope::Current() { return current; }

}  // namespace veche::sql
