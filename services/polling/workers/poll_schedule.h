#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/polling/lifecycle/lifecycle.h"
#include "services/polling/storage/poll_store.h"

namespace veche::polling {

// Opens and closes polls by the clock. Thread-safe.
class PollSchedule {
 public:
  PollSchedule(sql::Database& database, PollStore& polls, Lifecycle& lifecycle, const Clock& clock,
               observe::Telemetry& telemetry);

  void Start() { worker_.Start(); }
  void Wake() { worker_.Wake(); }
  void Stop() { worker_.Stop(); }

  // Moves on every poll for which something is due. Tries all, and returns the last error.
  absl::Status AdvanceDue();

 private:
  sql::Database& database_;
  PollStore& polls_;
  Lifecycle& lifecycle_;
  const Clock& clock_;
  observe::Telemetry& telemetry_;
  Worker worker_;
};

}  // namespace veche::polling
