#include "services/identity/workers/housekeeper.h"

#include "common/base/status_macros.h"
#include "common/observe/worker.h"

namespace veche::identity {
namespace {

constexpr absl::Duration kEvery = absl::Minutes(10);

}  // namespace

Housekeeper::Housekeeper(sql::Database& database, Store& store, MessageStore& messages,
                         FeedbackStore& feedback, FileOutbox& outbox, const Clock& clock,
                         observe::Telemetry& telemetry)
    : database_(database),
      store_(store),
      messages_(messages),
      feedback_(feedback),
      outbox_(outbox),
      clock_(clock),
      telemetry_(telemetry),
      worker_(observe::LoggedBackgroundWorker("identity-prune", telemetry_),
              [this] { return Step(); }) {}

absl::Status Housekeeper::Prune() {
  const absl::Time now = clock_.Now();
  outbox_.Prune(now);
  return database_.WriteInBackground([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(store_.Prune(transaction, now));
    RETURN_IF_ERROR(messages_.Prune(transaction, now));
    return feedback_.Prune(transaction, now);
  });
}

absl::Duration Housekeeper::Step() {
  if (const absl::Status status = Prune(); !status.ok()) {
    telemetry_.logger->Error("pruning failed", {{"error", status.ToString()}});
  }
  return kEvery;
}

}  // namespace veche::identity
