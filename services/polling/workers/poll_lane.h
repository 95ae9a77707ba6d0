#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"

namespace veche::polling {

// One thread that does one kind of step for all polls that need it. Polls for which the step failed
// the last time come after the others, so that they do not hold the others up. Thread-safe, except
// RunOnce.
class PollLane {
 public:
  struct Parts {
    std::string name;  // of the thread, and in the log
    std::function<absl::StatusOr<std::vector<std::string>>()> list;  // ids of polls that need it
    std::function<absl::Status(absl::string_view id)> step;
    std::function<void()> on_progress;  // called when a step has succeeded
    const Clock& clock;
    observe::Telemetry& telemetry;
  };
  explicit PollLane(Parts parts);

  void Start() { worker_.Start(); }
  void Wake() { worker_.Wake(); }
  void RequestStop() { worker_.RequestStop(); }
  void Stop() { worker_.Stop(); }

  // The step for every poll. Tries all, and returns the last error. REQUIRES: it does not run
  // already.
  absl::Status RunOnce();

 private:
  struct Failure {
    std::string error;
    absl::Time log_time;
  };

  void Note(const std::string& poll, const absl::Status& status);

  const Parts parts_;
  std::map<std::string, Failure> failures_;  // by poll; of the thread of RunOnce
  Worker worker_;
};

}  // namespace veche::polling
