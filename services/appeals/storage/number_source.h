#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/sql/database.h"

namespace veche::appeals {

// Gives appeals their numbers: "2026-000123". Takes blocks of a year's numbers from the database,
// so that submissions do not wait for one row; a block is larger when the block before it lasted
// less than a second. The rest of a block is never used after the process ends. Thread-safe.
class NumberSource {
 public:
  explicit NumberSource(sql::Database& database) : database_(database) {}

  // A number that no other caller gets.
  absl::StatusOr<std::string> Next(int64_t year);

 private:
  struct Block {
    int64_t next = 0;
    int64_t end = 0;
    int64_t size = 0;
    absl::Time taken = absl::InfinitePast();
  };

  sql::Database& database_;
  absl::Mutex mutex_;
  std::map<int64_t, Block> blocks_ ABSL_GUARDED_BY(mutex_);  // by year
};

}  // namespace veche::appeals
