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

// Turns the appeals' events into notices. A batch's effect also writes the first page of each
// happening's recipients, which is nearly always all of them; the rest, and what could not be
// written at once, is left to a thread of its own, a page a transaction. That thread also deletes
// what is old. Thread-safe.
class Intake {
 public:
  // `on_notices` is called after each commit that wrote any; quick, any thread. All must outlive
  // it.
  Intake(sql::Database& database, Store& store, rpc::Idempotency& idempotency, const Clock& clock,
         observe::Telemetry& telemetry, std::function<void()> on_notices)
      : database_(database),
        store_(store),
        idempotency_(idempotency),
        clock_(clock),
        telemetry_(telemetry),
        on_notices_(std::move(on_notices)) {}
  ~Intake() { Stop(); }

  // For events::Consumer. An event that cannot be read is logged and passed over, for it would stop
  // all that come after it.
  absl::StatusOr<events::Effect> Decide(absl::Span<const events::Event> batch);

  void Start();
  // Returns when the thread has ended; the page under way is finished first.
  void Stop();

  // Writes one more page of each of the oldest queued happenings; true when none is left. What the
  // thread does, for tests.
  absl::StatusOr<bool> DeliverQueued();

 private:
  absl::Status Apply(sql::Transaction& transaction, const Happening& happening, int& budget);
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
