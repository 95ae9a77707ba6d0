#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/notifications/storage/alert_store.h"

namespace veche::notifications {

// Publishes and expires alerts by the clock. Each alert is moved on in a transaction that locks it
// and looks again what is due, so that of several replicas, and after any crash, exactly one
// publishes it, once. Thread-safe.
class AlertSchedule {
 public:
  // All must outlive the schedule. `on_posts` is called after a commit that may have written posts.
  AlertSchedule(sql::Database& database, AlertStore& store, const Clock& clock,
                observe::Telemetry& telemetry, std::function<void()> on_posts);

  void Start() { worker_.Start(); }
  void Wake() { worker_.Wake(); }
  void Stop() { worker_.Stop(); }

  // Moves on every alert for which something is due. Tries all, and returns the last error. The
  // thread calls it; public for tests.
  absl::Status AdvanceDue();

 private:
  absl::Status AdvanceOne(const std::string& id);

  sql::Database& database_;
  AlertStore& store_;
  const Clock& clock_;
  observe::Telemetry& telemetry_;
  const std::function<void()> on_posts_;
  Worker worker_;
};

}  // namespace veche::notifications
