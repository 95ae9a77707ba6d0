#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/events/consumer.h"
#include "common/observe/telemetry.h"
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
  Intake(sql::Database& database, Store& store, const Clock& clock, observe::Telemetry& telemetry,
         std::function<void()> on_notices);

  // For events::Consumer. An event that cannot be read is logged and skipped, because it would hold
  // up all later events.
  absl::StatusOr<events::Effect> Decide(absl::Span<const events::Event> batch);

  void Start() { worker_.Start(); }
  // Finishes the page in progress and returns when the thread has ended.
  void Stop() { worker_.Stop(); }

  // Writes the next page of each of the oldest queued events; true when no event was queued. The
  // thread calls it; public for tests.
  absl::StatusOr<bool> DeliverQueued();

 private:
  absl::Status Apply(sql::Transaction& transaction, const AppealEvent& event, int& budget);
  absl::Duration Step();
  void Prune();

  sql::Database& database_;
  Store& store_;
  const Clock& clock_;
  observe::Telemetry& telemetry_;
  const std::function<void()> on_notices_;
  absl::Time pruned_ = absl::InfinitePast();
  Worker worker_;
};

}  // namespace veche::notifications
