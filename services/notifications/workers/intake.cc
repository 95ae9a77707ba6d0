#include "services/notifications/workers/intake.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "services/notifications/streams/convert.h"
#include "veche/appeals/v1/events.pb.h"

namespace veche::notifications {
namespace {

constexpr int kPage = 500;         // followers written by one statement
constexpr int kBatchBudget = 8;    // unfinished events after which a batch writes no more pages
constexpr int kQueuedAtOnce = 16;  // events that the thread looks at
// Nobody wakes the thread for events that another replica left in the queue.
constexpr absl::Duration kPoll = absl::Seconds(2);
constexpr absl::Duration kPruneEvery = absl::Hours(1);
constexpr absl::Duration kKeep = absl::Hours(24 * 180);

// Nullopt when the event's data is not an AppealEvent of appeals.
std::optional<AppealEvent> ReadEvent(const events::Event& event) {
  appeals::v1::AppealEvent data;
  if (!data.ParseFromString(event.data) || data.appeal().empty()) return std::nullopt;
  return AppealEvent{.id = event.id,
                     .type = event.type,
                     .parsed_type = ParseEventType(event.type),
                     .appeal = data.appeal(),
                     .number = data.number(),
                     .state = appeals::v1::Appeal::State_Name(data.state()),
                     .author = data.author(),
                     .actor = data.actor(),
                     .merged_into = data.merged_into(),
                     .time = event.time};
}

}  // namespace

Intake::Intake(sql::Database& database, Store& store, const Clock& clock,
               observe::Telemetry& telemetry, std::function<void()> on_notices)
    : database_(database),
      store_(store),
      clock_(clock),
      telemetry_(telemetry),
      on_notices_(std::move(on_notices)),
      worker_(observe::LoggedWorker("notices-intake", telemetry_), [this] { return Step(); }) {}

absl::StatusOr<events::Effect> Intake::Decide(absl::Span<const events::Event> batch) {
  std::vector<AppealEvent> read;
  for (const events::Event& event : batch) {
    std::optional<AppealEvent> appeal_event = ReadEvent(event);
    if (appeal_event) {
      read.push_back(*std::move(appeal_event));
    } else {
      telemetry_.logger->Error("event not understood", {{"event", event.id}, {"type", event.type}});
    }
  }
  return [this, read = std::move(read)](sql::Transaction& transaction) {
    int budget = kBatchBudget;
    for (const AppealEvent& event : read) {
      RETURN_IF_ERROR(Apply(transaction, event, budget));
    }
    transaction.OnCommit(on_notices_);
    return absl::OkStatus();
  };
}

absl::Status Intake::Apply(sql::Transaction& transaction, const AppealEvent& event, int& budget) {
  switch (FollowChangeOf(event)) {
    case FollowChange::kNone:
      break;
    case FollowChange::kFollow:
      RETURN_IF_ERROR(store_.Follow(transaction, event.appeal, event.actor, event.time));
      break;
    case FollowChange::kSupport:
      RETURN_IF_ERROR(store_.Support(transaction, event.appeal, event.actor, event.time));
      break;
    case FollowChange::kUnsupport:
      RETURN_IF_ERROR(store_.Unsupport(transaction, event.appeal, event.actor));
      break;
    case FollowChange::kUnfollow:
      RETURN_IF_ERROR(store_.Unfollow(transaction, event.appeal, event.actor));
      break;
    case FollowChange::kCopyFollowers:
      RETURN_IF_ERROR(
          store_.CopyFollowers(transaction, event.appeal, event.merged_into, event.time));
      if (!event.author.empty()) {
        RETURN_IF_ERROR(store_.Follow(transaction, event.merged_into, event.author, event.time));
      }
      break;
  }
  if (!IsNews(event)) return absl::OkStatus();
  RETURN_IF_ERROR(store_.Enqueue(transaction, event));
  bool finished = false;
  if (budget > 0) {
    ASSIGN_OR_RETURN(finished, store_.DeliverPage(transaction, event.id, kPage));
  }
  if (!finished) {
    --budget;
    transaction.OnCommit([this] { worker_.Wake(); });
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Intake::DeliverQueued() {
  std::vector<std::string> queued;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(queued, store_.ListQueued(transaction, kQueuedAtOnce));
    return absl::OkStatus();
  }));
  for (const std::string& event : queued) {
    RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
      transaction.OnCommit(on_notices_);
      return store_.DeliverPage(transaction, event, kPage).status();
    }));
  }
  return queued.empty();
}

absl::Duration Intake::Step() {
  const absl::StatusOr<bool> finished = DeliverQueued();
  if (!finished.ok()) {
    telemetry_.logger->Error("notices not delivered", {{"error", finished.status().ToString()}});
  }
  if (clock_.Now() - pruned_ >= kPruneEvery) {
    Prune();
    pruned_ = clock_.Now();
  }
  return finished.ok() && !*finished ? absl::ZeroDuration() : kPoll;
}

void Intake::Prune() {
  absl::Status status = database_.Write([&](sql::Transaction& transaction) {
    return store_.Prune(transaction, clock_.Now() - kKeep);
  });
  if (!status.ok()) {
    telemetry_.logger->Error("pruning failed", {{"error", status.ToString()}});
  }
}

}  // namespace veche::notifications
