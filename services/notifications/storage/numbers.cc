#include "services/notifications/storage/numbers.h"

#include <vector>

#include "common/base/status_macros.h"

namespace veche::notifications {

absl::StatusOr<int64_t> ReserveNumbers(sql::Transaction& transaction, int64_t count) {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                   transaction.Query("UPDATE counters SET value = value + $1 "
                                     "WHERE name = 'notifications' RETURNING value",
                                     count));
  return rows.at(0).Int(0) - count;
}

}  // namespace veche::notifications
