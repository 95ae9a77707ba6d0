#pragma once

#include "absl/status/status.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/notifications/storage/delivery_store.h"

namespace veche::notifications {

// Deletes deliveries: sent ones after a week, those that were given up after a month. Thread-safe.
class DeliveryPrune {
 public:
  // All must outlive the object.
  DeliveryPrune(sql::Database& database, DeliveryStore& store, const Clock& clock, IdSource& ids,
                observe::Telemetry& telemetry);

  void Start() { worker_.Start(); }
  void Stop() { worker_.Stop(); }

 private:
  absl::Duration Step();

  sql::Database& database_;
  DeliveryStore& store_;
  const Clock& clock_;
  IdSource& ids_;
  observe::Telemetry& telemetry_;
  Worker worker_;
};

}  // namespace veche::notifications
