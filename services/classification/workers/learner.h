#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "services/classification/learning/candidate.h"
#include "services/classification/learning/departments.h"
#include "services/classification/learning/model_registry.h"
#include "services/classification/learning/options.h"
#include "services/classification/learning/texts.h"
#include "services/classification/storage/example_store.h"
#include "services/classification/storage/model_store.h"

namespace veche::classification {

// Trains candidates, one at a time over all replicas, on a thread of the lowest priority. Runs are
// requested and claimed in the database, under a lease. A run that Stop interrupts waits for the
// next start; a run whose process was killed fails when the lease ends. Thread-safe.
class Learner {
 public:
  struct Parts {
    sql::Database& database;
    ExampleStore& examples;
    ModelStore& models;
    ModelRegistry& registry;
    TextSource& texts;
    DepartmentSource& departments;
    const Clock& clock;
    IdSource& ids;
    LearningOptions options;
    absl::Span<const Example> seed;  // examples of the program
    std::string base_folder;         // of the city's examples
    observe::Telemetry telemetry;
  };

  // What the parts refer to must outlive the learner.
  explicit Learner(Parts parts);

  void Start();
  // Returns when the current run has noticed, which takes a moment.
  void Stop();
  // Call it when a run was requested.
  void Wake();

  // One round, which the thread repeats; public for tests. Requests the nightly run, or a run
  // because the model in use cannot be read; claims a waiting run and trains; promotes a better
  // candidate if options.promote_automatically is set; prunes. While appeals or directory is
  // unavailable a run waits, first a minute, then twice as long each time, and fails after about
  // two hours. True when it trained.
  absl::StatusOr<bool> RunOnce();

 private:
  absl::Duration Step();
  void FailAbandonedRuns();
  absl::Status RequestNightlyTraining();
  absl::Status ReplaceUnreadable();
  absl::Status PromoteAutomatically();
  absl::Status Prune();
  absl::StatusOr<bool> ClaimRun();
  absl::StatusOr<CandidateModel> Train();
  absl::Status EndFailedRun(const absl::Status& reason);
  absl::Status Finish(const absl::StatusOr<CandidateModel>& made);
  void Renew();

  const Parts parts_;
  const std::string owner_;  // names this process
  std::atomic<bool> training_ = false;
  absl::Time pruned_ = absl::InfinitePast();
  std::string replaced_;  // the unreadable model for which a run was requested
  int tries_ = 0;         // that failed because another service was unavailable
  absl::Mutex mutex_;
  absl::Time retry_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool first_step_ = true;
  Worker renewing_;
  Worker worker_;
};

// The latest time at or before `now` at which a nightly run is due.
absl::Time NewestNight(absl::Time now, int hour, absl::TimeZone zone);

}  // namespace veche::classification
