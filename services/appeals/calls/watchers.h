#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/stream.h"
#include "common/rpc/subscriber_hub.h"
#include "services/appeals/domain/access.h"
#include "services/appeals/domain/appeal.h"
#include "services/appeals/storage/store.h"
#include "veche/appeals/v1/appeals.pb.h"

namespace veche::appeals {

// A client that watches an appeal. Each client gets what it may see, in the order of versions; the
// versions are the ids of the stream's events. Thread-safe.
class Watcher {
 public:
  using Writer = rpc::StreamWriter<v1::WatchAppealResponse>;

  // `last_event_id` says which version the client has seen; "" is none.
  Watcher(Viewer viewer, absl::string_view last_event_id, std::shared_ptr<Writer> stream);

  // Sends the appeal as `viewer` may see it, unless this version or a later one was sent before.
  // Ends the stream with APPEAL_NOT_FOUND when the viewer may not see it any more.
  void Send(const Appeal& appeal, const Relations& relations);

  const Viewer viewer;
  const std::shared_ptr<Writer> writer;

 private:
  absl::Mutex mutex_;
  int64_t sent_ ABSL_GUARDED_BY(mutex_) = 0;  // the last version
};

// The watching clients, by the id of the appeal. Calls subscribe them; WatchFeed
// (workers/watch_feed.h) sends the changes.
using WatcherHub = rpc::SubscriberHub<std::string, Watcher>;

// TOO_MANY_WATCHERS beyond `capacity`; Unavailable when the server stops, so that clients reconnect
// to another replica.
rpc::SubscriberHubOptions WatcherHubOptions(int capacity = 10'000);

}  // namespace veche::appeals
