#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/notifications/storage/store.h"
#include "services/notifications/streams/notice_hub.h"

namespace veche::notifications {

struct FeedOptions {
  std::string language = "ru";
  absl::Duration poll = absl::Seconds(1);  // finds what other processes wrote
};

// Feeds the open streams of all residents from one thread: each new notice once, in the order of
// numbers, without a gap between what was missed and what comes. Thread-safe.
class Feed {
 public:
  // All must outlive it.
  Feed(FeedOptions options, NoticeHub& hub, sql::Database& database, Store& store,
       observe::Telemetry& telemetry);
  ~Feed();  // stops

  void Start() { worker_.Start(); }
  // Ends the streams with Unavailable; they go on elsewhere.
  void Stop();

  // Something was committed. Quick; any thread.
  void Wake() { worker_.Wake(); }

 private:
  absl::Duration Step();
  // True when a stream still has missed notices to get.
  absl::StatusOr<bool> FeedAll();
  absl::Status FeedLive();
  absl::StatusOr<bool> FeedBehind();
  // Sends the next piece of what a stream has missed.
  absl::Status CatchUp(NoticeStream& stream);
  // False when the stream is over.
  bool Send(NoticeStream& stream, const Notice& notice);

  const FeedOptions options_;
  NoticeHub& hub_;
  sql::Database& database_;
  Store& store_;
  observe::Telemetry& telemetry_;
  std::optional<int64_t> position_;  // what all live streams have; none while there are no streams
  Worker worker_;
};

}  // namespace veche::notifications
