#pragma once

#include <atomic>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "services/appeals/domain/calendar.h"
#include "services/appeals/storage/store.h"

namespace veche::appeals {

// Warns of answers that are due soon, escalates overdue ones, closes what was resolved long ago.
// Any number of replicas may run: each appeal is checked again inside its own transaction, so
// nothing happens twice. Thread-safe.
class DeadlineWorker {
 public:
  DeadlineWorker(Store& store, const WorkingCalendar& calendar, const Clock& clock,
                 observe::Telemetry telemetry);

  void Start() { worker_.Start(); }
  void Stop() { worker_.Stop(); }

  // Does what is due now, at most one batch; returns how many appeals it changed. One that fails is
  // logged and does not keep the others waiting; an error means that nothing can be done now.
  absl::StatusOr<int> RunOnce();

 private:
  absl::Duration Step();

  Store& store_;
  const WorkingCalendar& calendar_;
  const Clock& clock_;
  const observe::Telemetry telemetry_;
  // How many failed last time: they are the longest waiting, so as many more are asked for.
  std::atomic<int> failing_ = 0;
  Worker worker_;
};

}  // namespace veche::appeals
