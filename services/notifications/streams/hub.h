#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/observe/telemetry.h"
#include "common/rpc/stream.h"
#include "common/sql/database.h"
#include "services/notifications/storage/store.h"
#include "veche/notifications/v1/notifications.pb.h"

namespace veche::notifications {

struct HubOptions {
  std::string language = "ru";
  int streams = 10'000;                    // in this process
  int streams_per_resident = 16;           // of them
  absl::Duration poll = absl::Seconds(1);  // finds what other processes wrote
};

// Sends notices to the open streams of all residents from one thread: each notice once, in the
// order of numbers, with no gap between the notices that a stream missed and the new ones.
// Thread-safe.
class Hub {
 public:
  using Writer = rpc::StreamWriter<v1::WatchNotificationsResponse>;

  // All must outlive it.
  Hub(HubOptions options, sql::Database& database, Store& store, observe::Telemetry& telemetry);
  ~Hub();  // stops

  void Start();
  // Ends the streams with Unavailable (STOPPING); clients then connect to another server.
  void Stop();

  // Sends `recipient`'s notices with a number above `after` to `writer`, until the client leaves or
  // is too slow. ResourceExhausted (TOO_MANY_STREAMS); Unavailable (STOPPING).
  absl::Status Subscribe(std::string recipient, int64_t after, std::shared_ptr<Writer> writer);

  // Call it when notices were committed. Returns at once; any thread.
  void Wake();

 private:
  struct Stream {
    std::string recipient;
    int64_t after = 0;   // the number of the last notice sent
    bool behind = true;  // still reads notices that it missed
    std::shared_ptr<Writer> writer;
    std::shared_ptr<std::atomic<bool>> gone;  // the client left
  };

  void Run();
  // False when it is time to end.
  bool Wait();
  void TakeArrivals();
  absl::Status Feed();
  absl::Status FeedLive();
  absl::Status FeedBehind(Stream& stream);
  void Send(Stream& stream, const Notice& notice);
  void DropGone();

  const HubOptions options_;
  sql::Database& database_;
  Store& store_;
  observe::Telemetry& telemetry_;

  absl::Mutex mutex_;
  bool awake_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Stream> arrivals_ ABSL_GUARDED_BY(mutex_);
  int open_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<std::string, int> open_by_resident_ ABSL_GUARDED_BY(mutex_);

  // Used by the thread only.
  absl::flat_hash_map<std::string, std::vector<Stream>> streams_;  // by recipient
  // All streams that are not behind have the notices up to this number; nullopt without streams.
  std::optional<int64_t> position_;
  bool any_behind_ = false;
  std::thread thread_;
};

}  // namespace veche::notifications
