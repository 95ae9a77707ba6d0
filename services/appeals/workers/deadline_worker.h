#pragma once

#include <atomic>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/calendar/working_calendar.h"
#include "common/observe/telemetry.h"
#include "services/appeals/storage/store.h"

namespace veche::appeals {

// Warns about answers that are due soon, escalates overdue answers, and closes appeals that were
// resolved long ago. Any number of replicas may run: each appeal is checked again inside its own
// transaction, so nothing happens twice. Thread-safe.
class DeadlineWorker {
 public:
  DeadlineWorker(Store& store, const WorkingCalendar& calendar, const Clock& clock,
                 observe::Telemetry telemetry);

  void Start() { worker_.Start(); }
  void Stop() { worker_.Stop(); }

  // Handles at most one batch of due appeals; returns how many appeals it changed. A failing appeal
  // is logged and does not stop the others; an error means that nothing can be done now.
  absl::StatusOr<int> RunOnce();

 private:
  absl::Duration Step();

  Store& store_;
  const WorkingCalendar& calendar_;
  const Clock& clock_;
  const observe::Telemetry telemetry_;
  // How many appeals failed last time: they wait longest and come first, so the batch is larger by
  // as many.
  std::atomic<int> failing_ = 0;
  Worker worker_;
};

}  // namespace veche::appeals
