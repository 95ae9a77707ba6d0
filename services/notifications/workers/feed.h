#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/texts.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/notifications/storage/store.h"
#include "services/notifications/streams/notice_hub.h"

namespace veche::notifications {

struct FeedOptions {
  absl::Duration poll = absl::Seconds(1);  // finds what other processes wrote
};

// Sends notices to the open streams of all residents from one thread: each notice once, in the
// order of numbers, with no gap between the notices that a stream missed and the new ones.
// Thread-safe.
class Feed {
 public:
  // All must outlive the feed.
  Feed(FeedOptions options, NoticeHub& hub, sql::Database& database, Store& store,
       const Texts& texts, observe::Telemetry& telemetry);
  ~Feed();  // stops

  void Start() { worker_.Start(); }
  // Ends the streams with Unavailable (STOPPING); clients then connect to another server.
  void Stop();

  // Call it when notices were committed. Returns at once; any thread.
  void Wake() { worker_.Wake(); }

 private:
  absl::Duration Step();
  // True when a stream is still behind.
  absl::StatusOr<bool> FeedAll();
  absl::Status FeedLive();
  absl::StatusOr<bool> FeedBehind();
  // Sends the next piece of the notices that the stream missed.
  absl::Status CatchUp(NoticeStream& stream);
  // False when the stream has ended.
  bool Send(NoticeStream& stream, const Notice& notice);

  const FeedOptions options_;
  NoticeHub& hub_;
  sql::Database& database_;
  Store& store_;
  const Texts& texts_;
  observe::Telemetry& telemetry_;
  // All streams that are not behind have the notices up to this number; nullopt without streams.
  std::optional<int64_t> position_;
  Worker worker_;
};

}  // namespace veche::notifications
