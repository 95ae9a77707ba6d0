#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
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
  Courier(sql::Database& database, Store& store, MessageSender& sender, const Clock& clock,
          observe::Telemetry& telemetry);

  void Start() { worker_.Start(); }
  // Finishes the message in progress and returns when the thread has ended.
  void Stop() { worker_.Stop(); }
  // Call it when a message was queued. Returns at once; any thread.
  void Wake() { worker_.Wake(); }

  // Sends one batch of due messages; returns how many were claimed. The thread calls it; public for
  // tests.
  absl::StatusOr<int> SendDue();

 private:
  absl::Duration Step();
  void Prune();

  sql::Database& database_;
  Store& store_;
  MessageSender& sender_;
  const Clock& clock_;
  observe::Telemetry& telemetry_;
  absl::Time pruned_ = absl::InfinitePast();
  Worker worker_;
};

}  // namespace veche::identity
