#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/blob/store.h"
#include "common/events/event_log.h"
#include "common/observe/telemetry.h"
#include "services/appeals/storage/store.h"

namespace veche::appeals {

// Deletes unused data at the start and every hour: events older than 30 days that every consumer
// has seen, uploads not attached within a day, and once a day the files that no attachment names.
// Computes the map cells of appeals that an older release wrote; until then lists find these
// appeals by their coordinates. Any number of replicas may run. Thread-safe, except RunOnce.
class Maintenance {
 public:
  // All must outlive this.
  Maintenance(Store& store, blob::Store& blobs, events::EventLog& log, const Clock& clock,
              observe::Telemetry telemetry);

  void Start() { worker_.Start(); }
  void Stop() { worker_.Stop(); }

  // One round. Every part runs; the first error is returned. For one thread.
  absl::Status RunOnce();

 private:
  absl::Duration Step();
  absl::Status FillMapCells();
  absl::Status DeleteUploads();
  absl::Status DeleteFiles();

  Store& store_;
  blob::Store& blobs_;
  events::EventLog& log_;
  const Clock& clock_;
  const observe::Telemetry telemetry_;
  absl::Time files_deleted_ = absl::InfinitePast();
  Worker worker_;
};

}  // namespace veche::appeals
