#pragma once

#include <functional>
#include <thread>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "common/base/clock.h"
#include "common/events/consumer.h"
#include "common/observe/telemetry.h"
#include "common/rpc/idempotency.h"
#include "common/sql/database.h"
#include "services/notifications/storage/store.h"

namespace veche::notifications {

// Writes notices for the events of appeals. The effect of a batch writes the first page of each
// event's recipients, which is nearly always all of them; a thread writes the remaining pages, one
// in each transaction, and deletes old notices. Thread-safe.
class Intake {
 public:
  // `on_notices` is called after each commit that wrote notices, on any thread; it must be quick.
  // All must outlive the intake.
  Intake(sql::Database& database, Store& store, rpc::Idempotency& idempotency, const Clock& clock,
         observe::Telemetry& telemetry, std::function<void()> on_notices)
      : database_(database),
        store_(store),
        idempotency_(idempotency),
        clock_(clock),
        telemetry_(telemetry),
        on_notices_(std::move(on_notices)) {}
  ~Intake() { Stop(); }

  // For events::Consumer. An event that cannot be read is logged and skipped, because it would hold
  // up all later events.
  absl::StatusOr<events::Effect> Decide(absl::Span<const events::Event> batch);

  void Start();
  // Finishes the page in progress and returns when the thread has ended.
  void Stop();

  // Writes the next page of each of the oldest queued events; true when no event was queued. The
  // thread calls it; public for tests.
  absl::StatusOr<bool> DeliverQueued();

 private:
  absl::Status Apply(sql::Transaction& transaction, const AppealEvent& event, int& budget);
  void Run();
  bool Wait(absl::Duration longest);  // false when it is time to end
  void Prune();

  sql::Database& database_;
  Store& store_;
  rpc::Idempotency& idempotency_;
  const Clock& clock_;
  observe::Telemetry& telemetry_;
  const std::function<void()> on_notices_;
  absl::Mutex mutex_;
  bool awake_ ABSL_GUARDED_BY(mutex_) = true;  // also what was left before this start
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace veche::notifications
