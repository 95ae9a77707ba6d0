#include "services/identity/workers/courier.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace veche::identity {
namespace {

constexpr int kBatch = 16;
// Nobody calls Wake for messages of other replicas and for retries.
constexpr absl::Duration kPoll = absl::Seconds(5);
constexpr absl::Duration kPruneEvery = absl::Minutes(10);

}  // namespace

Courier::Courier(sql::Database& database, Store& store, MessageSender& sender,
                 rpc::Idempotency& idempotency, const Clock& clock, observe::Telemetry& telemetry)
    : database_(database),
      store_(store),
      sender_(sender),
      idempotency_(idempotency),
      clock_(clock),
      telemetry_(telemetry) {}

Courier::~Courier() { Stop(); }

void Courier::Start() { thread_ = std::thread(&Courier::Run, this); }

void Courier::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Courier::Wake() {
  absl::MutexLock lock(&mutex_);
  awake_ = true;
}

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

void Courier::Run() {
  absl::Time pruned = absl::InfinitePast();
  while (Wait(kPoll)) {
    absl::StatusOr<int> sent = SendDue();
    while (sent.ok() && *sent == kBatch) sent = SendDue();
    if (!sent.ok()) {
      telemetry_.logger->Error("outbox queue failed", {{"error", sent.status().ToString()}});
    }
    if (clock_.Now() - pruned >= kPruneEvery) {
      Prune();
      pruned = clock_.Now();
    }
  }
}

bool Courier::Wait(absl::Duration longest) {
  absl::MutexLock lock(&mutex_);
  const auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return awake_ || stopping_; };
  mutex_.AwaitWithTimeout(absl::Condition(&due), longest);
  awake_ = false;
  return !stopping_;
}

void Courier::Prune() {
  absl::Status status = database_.Write(
      [&](sql::Transaction& transaction) { return store_.Prune(transaction, clock_.Now()); });
  if (status.ok()) status = idempotency_.Prune().status();
  if (!status.ok()) {
    telemetry_.logger->Error("pruning failed", {{"error", status.ToString()}});
  }
}

}  // namespace veche::identity
