#pragma once

#include <utility>

#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/directory/storage/entry_store.h"

namespace veche::directory {

// Removes entries that were deleted so long ago that they cannot be restored. Thread-safe.
class Purge {
 public:
  // All must outlive the object.
  Purge(sql::Database& database, EntryStore& entries, const Clock& clock,
        observe::Telemetry telemetry)
      : database_(database), entries_(entries), clock_(clock), telemetry_(std::move(telemetry)) {}

  // Removes some. Returns the pause until the next call: short while there are more.
  absl::Duration Run();

 private:
  sql::Database& database_;
  EntryStore& entries_;
  const Clock& clock_;
  observe::Telemetry telemetry_;
};

}  // namespace veche::directory
