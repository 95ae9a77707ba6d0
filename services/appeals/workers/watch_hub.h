#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/worker.h"
#include "common/events/event_log.h"
#include "common/observe/telemetry.h"
#include "common/rpc/stream.h"
#include "common/sql/database.h"
#include "services/appeals/domain/access.h"
#include "services/appeals/storage/store.h"
#include "veche/appeals/v1/appeals.pb.h"

namespace veche::appeals {

// Sends appeals to those who watch them: one thread follows the event log while anybody watches, so
// changes made by other replicas arrive too (within a second; this process's at once). Each
// subscriber gets what they may see, in order of versions; event ids are versions. Thread-safe.
class WatchHub {
 public:
  using Writer = rpc::StreamWriter<v1::WatchAppealResponse>;

  // `database` is the store's.
  WatchHub(Store& store, sql::Database& database, events::EventLog& log,
           observe::Telemetry telemetry, int capacity = 10'000);
  ~WatchHub() { Stop(); }

  void Start() { worker_.Start(); }
  // Ends every stream with Unavailable, so that clients come back to another replica.
  void Stop();

  // Sends the appeal now, unless `last_event_id` says that this version was seen, and after each
  // change until the stream is over. TOO_MANY_WATCHERS beyond the capacity.
  absl::Status Subscribe(const std::string& appeal, Viewer viewer, absl::string_view last_event_id,
                         std::shared_ptr<Writer> writer);

 private:
  struct Subscriber {
    Viewer viewer;
    std::shared_ptr<Writer> writer;
    absl::Mutex mutex;
    int64_t sent ABSL_GUARDED_BY(mutex) = 0;  // the last version
  };

  absl::Duration Step();
  // Reads events after the cursor and sends what they changed; false when there were none.
  bool Deliver();
  // Sends a changed appeal to all who watch it; their ties are read together.
  absl::Status SendToAll(const std::string& id);
  void Send(const Appeal& appeal, const Ties& ties, Subscriber& subscriber);
  std::vector<std::shared_ptr<Subscriber>> SubscribersOf(const std::string& appeal);
  void Remove(const std::string& appeal, const Subscriber* subscriber);

  Store& store_;
  sql::Database& database_;
  events::EventLog& log_;
  const observe::Telemetry telemetry_;
  const int capacity_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::vector<std::shared_ptr<Subscriber>>> subscribers_
      ABSL_GUARDED_BY(mutex_);
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string cursor_ ABSL_GUARDED_BY(mutex_);
  uint64_t generation_ = 0;  // of the thread alone
  Worker worker_;
};

}  // namespace veche::appeals
