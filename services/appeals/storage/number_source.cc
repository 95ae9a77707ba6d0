#include "services/appeals/storage/number_source.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"

namespace veche::appeals {
namespace {

constexpr int64_t kSmallestBlock = 32;
constexpr int64_t kLargestBlock = 1024;

}  // namespace

absl::StatusOr<std::string> NumberSource::Next(int64_t year) {
  // Held during the statement: concurrent callers need the same block.
  absl::MutexLock lock(&mutex_);
  Block& block = blocks_[year];
  if (block.next == block.end) {
    const absl::Time now = absl::Now();
    const int64_t size = now - block.taken < absl::Seconds(1)
                             ? std::min(2 * block.size, kLargestBlock)
                             : kSmallestBlock;
    int64_t end = 0;
    RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(
          auto rows, transaction.Query("INSERT INTO numbers (year, next) VALUES ($1, $2) "
                                       "ON CONFLICT (year) DO UPDATE SET next = numbers.next + $3 "
                                       "RETURNING next",
                                       year, 1 + size, size));
      end = rows[0].Int(0);
      return absl::OkStatus();
    }));
    block = {end - size, end, size, now};
  }
  return absl::StrFormat("%d-%06d", year, block.next++);
}

}  // namespace veche::appeals
