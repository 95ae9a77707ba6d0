#include "services/identity/workers/courier.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/observe/worker.h"

namespace veche::identity {
namespace {

constexpr int kBatch = 16;
// Nobody calls Wake for messages of other replicas and for retries.
constexpr absl::Duration kPoll = absl::Seconds(5);
constexpr absl::Duration kPruneEvery = absl::Minutes(10);

}  // namespace

Courier::Courier(sql::Database& database, Store& store, MessageSender& sender, const Clock& clock,
                 observe::Telemetry& telemetry)
    : database_(database),
      store_(store),
      sender_(sender),
      clock_(clock),
      telemetry_(telemetry),
      worker_(observe::LoggedWorker("courier", telemetry_), [this] { return Step(); }) {}

absl::StatusOr<int> Courier::SendDue() {
  std::vector<OutgoingMessage> messages;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(messages, store_.ClaimMessages(transaction, clock_.Now(), kBatch));
    return absl::OkStatus();
  }));
  for (const OutgoingMessage& message : messages) {
    const absl::Status sent = sender_.Send(message);
    if (!sent.ok()) {
      telemetry_.logger->Warning("message not sent",
                                 {{"message", message.id}, {"error", sent.ToString()}});
      continue;  // the message becomes due again
    }
    RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) {
      return store_.MarkSent(transaction, message.id, clock_.Now());
    }));
  }
  return static_cast<int>(messages.size());
}

absl::Duration Courier::Step() {
  const absl::StatusOr<int> sent = SendDue();
  if (!sent.ok()) {
    telemetry_.logger->Error("outbox queue failed", {{"error", sent.status().ToString()}});
  }
  if (clock_.Now() - pruned_ >= kPruneEvery) {
    Prune();
    pruned_ = clock_.Now();
  }
  // A full batch: there may be more.
  return sent.ok() && *sent == kBatch ? absl::ZeroDuration() : kPoll;
}

void Courier::Prune() {
  absl::Status status = database_.Write(
      [&](sql::Transaction& transaction) { return store_.Prune(transaction, clock_.Now()); });
  if (!status.ok()) {
    telemetry_.logger->Error("pruning failed", {{"error", status.ToString()}});
  }
}

}  // namespace veche::identity
