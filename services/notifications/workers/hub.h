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

// Feeds the open streams of all residents from one thread: each new notice once, in the order of
// numbers, without a gap between what was missed and what comes. Thread-safe.
class Hub {
 public:
  using Writer = rpc::StreamWriter<v1::WatchNotificationsResponse>;

  // All must outlive it.
  Hub(HubOptions options, sql::Database& database, Store& store, observe::Telemetry& telemetry);
  ~Hub();  // stops

  void Start();
  // Ends the streams with Unavailable; they go on elsewhere.
  void Stop();

  // Sends `recipient`'s notices after number `after` to `writer`, until it is done or too slow.
  // ResourceExhausted when there are too many streams.
  absl::Status Subscribe(std::string recipient, int64_t after, std::shared_ptr<Writer> writer);

  // Something was committed. Quick; any thread.
  void Wake();

 private:
  struct Stream {
    std::string recipient;
    int64_t after = 0;   // the last number sent, or passed over
    bool behind = true;  // still gets what it missed
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

  // Of the thread alone.
  absl::flat_hash_map<std::string, std::vector<Stream>> streams_;  // by recipient
  std::optional<int64_t> position_;  // what all live streams have; none while there are no streams
  bool any_behind_ = false;
  std::thread thread_;
};

}  // namespace veche::notifications
