#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/events/event_log.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/polling/storage/picture_store.h"

namespace veche::polling {

// Deletes unused data at the start and every hour: events older than 30 days that every follower
// has seen, and pictures that no poll and no initiative has used for a day. Any number of replicas
// may run. Thread-safe, except RunOnce.
class Maintenance {
 public:
  // All must outlive this.
  Maintenance(sql::Database& database, PictureStore& pictures, events::EventLog& log,
              const Clock& clock, observe::Telemetry telemetry);

  void Start() { worker_.Start(); }
  void Stop() { worker_.Stop(); }

  // One round. Every part runs; the first error is returned. For one thread.
  absl::Status RunOnce();

 private:
  absl::Duration Step();
  absl::Status DeletePictures();

  sql::Database& database_;
  PictureStore& pictures_;
  events::EventLog& log_;
  const Clock& clock_;
  const observe::Telemetry telemetry_;
  Worker worker_;
};

}  // namespace veche::polling
