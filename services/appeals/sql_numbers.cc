#include "services/appeals/sql_numbers.h"

#include "absl/strings/str_format.h"
#include "common/base/status_macros.h"

namespace veche::appeals {
namespace {

constexpr int64_t kBlock = 32;

}  // namespace

absl::StatusOr<std::string> NumberSource::Next(int64_t year) {
  // Held during the statement: who comes meanwhile needs the same block.
  absl::MutexLock lock(&mutex_);
  Block& block = blocks_[year];
  if (block.next == block.end) {
    int64_t end = 0;
    RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(
          auto rows, transaction.Query("INSERT INTO numbers (year, next) VALUES ($1, $2) "
                                       "ON CONFLICT (year) DO UPDATE SET next = numbers.next + $3 "
                                       "RETURNING next",
                                       year, 1 + kBlock, kBlock));
      end = rows[0].Int(0);
      return absl::OkStatus();
    }));
    block = {end - kBlock, end};
  }
  return absl::StrFormat("%d-%06d", year, block.next++);
}

}  // namespace veche::appeals
