#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/base/periodic.h"
#include "common/observe/telemetry.h"
#include "services/classification/learning/candidate.h"
#include "services/classification/learning/departments.h"
#include "services/classification/learning/options.h"
#include "services/classification/learning/shelf.h"
#include "services/classification/learning/texts.h"
#include "services/classification/storage/example_store.h"
#include "services/classification/storage/model_store.h"

namespace veche::classification {

// Trains candidates, one at a time over all replicas, on a thread that runs only when others leave
// time. A run is asked for in the database and taken there under a lease: one that a stop
// interrupts waits for the next start, one whose process was killed has failed and says so.
// Thread-safe.
class Learner {
 public:
  struct Parts {
    sql::Database& database;
    ExampleStore& examples;
    ModelStore& models;
    Shelf& shelf;
    TextSource& texts;
    DepartmentSource& departments;
    const Clock& clock;
    IdSource& ids;
    LearningOptions options;
    absl::Span<const Example> seed;  // texts of the program
    std::string base_folder;         // and of the city
    observe::Telemetry telemetry;
  };

  // What the parts refer to must outlive it.
  explicit Learner(Parts parts);
  ~Learner() { Stop(); }

  void Start();
  // Returns when the run under way has noticed, between two steps of it.
  void Stop();
  // There may be a run to take, now.
  void Wake();

  // What the thread does, for tests: fails what was lost, asks for the nightly run, or for one
  // because the model in use cannot be read; promotes when that is wished, and takes a run that
  // waits. While appeals or the directory is away, a run waits a minute, then twice as long and so
  // on, some two hours in all, before it has failed. True when it did one.
  absl::StatusOr<bool> RunOnce();

 private:
  void Run();
  bool Wait(absl::Duration longest);  // false when it is time to end
  bool stopping();
  absl::Status AskNightly();
  absl::Status AskAnew();
  absl::Status PromoteAutomatically();
  absl::Status Prune();
  absl::StatusOr<bool> TakeRun();
  absl::StatusOr<MadeCandidate> Make();
  absl::Status GiveUp(const absl::Status& reason);
  absl::Status Finish(const absl::StatusOr<MadeCandidate>& made);
  void Renew();

  const Parts parts_;
  const std::string owner_;  // names this process
  std::atomic<bool> training_ = false;
  Periodic renewing_;
  absl::Time pruned_ = absl::InfinitePast();
  std::string asked_for_;  // the unreadable model that a training was asked for
  int tries_ = 0;          // that failed because another service was away
  absl::Mutex mutex_;
  absl::Time retry_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool awake_ ABSL_GUARDED_BY(mutex_) = true;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// The start of the newest night's run at or before `now`.
absl::Time NewestNight(absl::Time now, int hour, absl::TimeZone zone);

}  // namespace veche::classification
