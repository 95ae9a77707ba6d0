#pragma once

#include <thread>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/observe/telemetry.h"
#include "common/rpc/idempotency.h"
#include "common/sql/database.h"
#include "services/identity/delivery/message_sender.h"
#include "services/identity/storage/store.h"

namespace veche::identity {

// Sends queued messages, each until the sender takes it, and prunes the store every ten minutes.
// One thread; any number of replicas. If the process dies after sending and before the message is
// marked as sent, the message is sent again under the same id.
class Courier {
 public:
  // All must outlive it.
  Courier(sql::Database& database, Store& store, MessageSender& sender,
          rpc::Idempotency& idempotency, const Clock& clock, observe::Telemetry& telemetry);
  ~Courier();  // stops

  void Start();
  // Finishes the message in progress and returns when the thread has ended.
  void Stop();
  // Call it when a message was queued. Returns at once; any thread.
  void Wake();

  // Sends one batch of due messages; returns how many were claimed. The thread calls it; public for
  // tests.
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
