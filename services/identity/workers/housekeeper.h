#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/identity/delivery/file_outbox.h"
#include "services/identity/storage/feedback_store.h"
#include "services/identity/storage/message_store.h"
#include "services/identity/storage/store.h"

namespace veche::identity {

// Every ten minutes deletes what is kept for a while only: codes, sessions, messages, feedback, and
// files of the outbox.
class Housekeeper {
 public:
  // All must outlive it.
  Housekeeper(sql::Database& database, Store& store, MessageStore& messages,
              FeedbackStore& feedback, FileOutbox& outbox, const Clock& clock,
              observe::Telemetry& telemetry);

  void Start() { worker_.Start(); }
  void Stop() { worker_.Stop(); }

  // The thread calls it; public for tests.
  absl::Status Prune();

 private:
  absl::Duration Step();

  sql::Database& database_;
  Store& store_;
  MessageStore& messages_;
  FeedbackStore& feedback_;
  FileOutbox& outbox_;
  const Clock& clock_;
  observe::Telemetry& telemetry_;
  Worker worker_;
};

}  // namespace veche::identity
