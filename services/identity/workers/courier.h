#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/identity/delivery/provider.h"
#include "services/identity/storage/message_store.h"

namespace veche::identity {

// Sends the queued messages of one channel to its provider, as many at once as the provider allows;
// any number of replicas. Each message is sent until the provider takes or refuses it. If the
// process dies after the provider took a message and before that is stored, the message is sent
// again under the same key.
class Courier {
 public:
  // All must outlive it.
  Courier(Channel channel, Provider& provider, sql::Database& database, MessageStore& store,
          const Clock& clock, observe::Telemetry& telemetry);

  void Start();
  // Ends the attempts in progress, which are made again later, and returns when the threads have
  // ended.
  void Stop();
  // Call it when a message was queued. Returns at once; any thread.
  void Wake();

  // Sends the next due message. Zero: one was sent or failed, and there may be more. Otherwise how
  // long to wait. The threads call it; public for tests.
  absl::StatusOr<absl::Duration> SendNext();

 private:
  struct Metrics;

  absl::Duration Step();
  absl::StatusOr<std::optional<OutgoingMessage>> Claim();
  absl::Status Record(const OutgoingMessage& message, const absl::Status& sent);

  const Channel channel_;
  Provider& provider_;
  sql::Database& database_;
  MessageStore& store_;
  const Clock& clock_;
  observe::Telemetry& telemetry_;
  const std::shared_ptr<const Metrics> metrics_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace veche::identity
