#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/sql/database.h"

namespace veche::notifications {

// Reserves the next `count` numbers of all that residents get, notices and posts of alerts, and
// locks the counter until the transaction ends: numbers appear in the order of their commits, so a
// reader that has seen a number has seen all smaller ones. Returns the number before the first of
// them.
absl::StatusOr<int64_t> ReserveNumbers(sql::Transaction& transaction, int64_t count);

}  // namespace veche::notifications
