#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/worker.h"
#include "common/events/event_log.h"
#include "common/events/log_watch.h"
#include "common/observe/telemetry.h"
#include "services/appeals/calls/watchers.h"
#include "services/appeals/storage/store.h"

namespace veche::appeals {

// Sends changed appeals to the clients that watch them. One thread follows the event log while any
// client watches, so changes made by other replicas arrive too. Thread-safe.
class WatchFeed {
 public:
  // All must outlive it.
  WatchFeed(WatcherHub& watchers, Store& store, events::EventLog& log,
            observe::Telemetry telemetry);
  ~WatchFeed();  // stops

  void Start() { worker_.Start(); }
  // Ends every stream.
  void Stop();

 private:
  absl::Duration Step();
  absl::Status Begin();
  // Reads events after the cursor and sends what they changed; false when there were none.
  absl::StatusOr<bool> Deliver();
  // Sends an appeal to all its watchers; their relations are read in one query.
  absl::Status SendToAll(const std::string& id);

  WatcherHub& watchers_;
  Store& store_;
  events::EventLog& log_;
  const observe::Telemetry telemetry_;
  std::optional<std::string> cursor_;  // none while nobody watches
  events::LogWatch watch_;             // used only on the worker's thread
  Worker worker_;
};

}  // namespace veche::appeals
