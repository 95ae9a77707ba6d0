#pragma once

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/polling/storage/initiative_store.h"

namespace veche::polling {

// Ends initiatives whose date has passed, and notes answers that are overdue. Any number of
// replicas may run: each initiative is checked again while it is locked, so nothing happens twice.
// Thread-safe.
class InitiativeSchedule {
 public:
  // All must outlive it.
  InitiativeSchedule(sql::Database& database, InitiativeStore& store, const Clock& clock,
                     observe::Telemetry telemetry);

  void Start() { worker_.Start(); }
  void Stop() { worker_.Stop(); }

  // Handles one batch of those that are due; returns how many it changed. A failing one is logged
  // and does not stop the others.
  absl::StatusOr<int> RunOnce();

 private:
  absl::Duration Step();

  sql::Database& database_;
  InitiativeStore& store_;
  const Clock& clock_;
  const observe::Telemetry telemetry_;
  Worker worker_;
};

}  // namespace veche::polling
