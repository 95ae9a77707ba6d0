#pragma once

#include <thread>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/observe/telemetry.h"
#include "common/rpc/idempotency.h"
#include "common/sql/database.h"
#include "services/identity/storage/store.h"
#include "services/identity/workers/outbox.h"

namespace veche::identity {

// Takes queued messages to the sender, again and again until each is sent; now and then it also
// deletes what has outlived its purpose. One thread; any number of replicas. A message whose
// courier died between sending and saying so is sent again under the same id, which the sender
// knows.
class Courier {
 public:
  // All must outlive it.
  Courier(sql::Database& database, Store& store, MessageSender& sender,
          rpc::Idempotency& idempotency, const Clock& clock, observe::Telemetry& telemetry);
  ~Courier();  // stops

  void Start();
  // Returns when the thread has ended; the message under way is finished first.
  void Stop();
  // There is something to send. Quick; any thread.
  void Wake();

  // Sends what is due, one batch; returns how many were claimed. What the thread does, for tests.
  absl::StatusOr<int> SendDue();

 private:
  void Run();
  // False when it is time to end.
  bool Wait(absl::Duration longest);
  void Prune();

  sql::Database& database_;
  Store& store_;
  MessageSender& sender_;
  rpc::Idempotency& idempotency_;
  const Clock& clock_;
  observe::Telemetry& telemetry_;
  absl::Mutex mutex_;
  bool awake_ ABSL_GUARDED_BY(mutex_) = true;  // also what was queued before this start
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace veche::identity
