#include "services/notifications/workers/intake.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/notifications/calls/convert.h"

namespace veche::notifications {
namespace {

constexpr int kPage = 500;         // followers written by one statement
constexpr int kBatchBudget = 8;    // pages with more to come that one batch may write
constexpr int kQueuedAtOnce = 16;  // happenings that the thread looks at
// Other replicas' leftovers wake nobody.
constexpr absl::Duration kPoll = absl::Seconds(2);
constexpr absl::Duration kPruneEvery = absl::Hours(1);
constexpr absl::Duration kKeep = absl::Hours(24 * 180);

}  // namespace

absl::StatusOr<events::Effect> Intake::Decide(absl::Span<const events::Event> batch) {
  std::vector<Happening> happenings;
  for (const events::Event& event : batch) {
    std::optional<Happening> happening = FromEvent(event);
    if (happening) {
      happenings.push_back(*std::move(happening));
    } else {
      telemetry_.logger->Error("event not understood", {{"event", event.id}, {"type", event.type}});
    }
  }
  return [this, happenings = std::move(happenings)](sql::Transaction& transaction) {
    int budget = kBatchBudget;
    for (const Happening& happening : happenings) {
      RETURN_IF_ERROR(Apply(transaction, happening, budget));
    }
    transaction.OnCommit(on_notices_);
    return absl::OkStatus();
  };
}

absl::Status Intake::Apply(sql::Transaction& transaction, const Happening& happening, int& budget) {
  switch (FollowChangeOf(happening)) {
    case FollowChange::kNone:
      break;
    case FollowChange::kFollow:
      RETURN_IF_ERROR(
          store_.Follow(transaction, happening.appeal, happening.actor, happening.time));
      break;
    case FollowChange::kSupport:
      RETURN_IF_ERROR(
          store_.Support(transaction, happening.appeal, happening.actor, happening.time));
      break;
    case FollowChange::kUnsupport:
      RETURN_IF_ERROR(store_.Unsupport(transaction, happening.appeal, happening.actor));
      break;
    case FollowChange::kUnfollow:
      RETURN_IF_ERROR(store_.Unfollow(transaction, happening.appeal, happening.actor));
      break;
    case FollowChange::kCarryOver:
      RETURN_IF_ERROR(
          store_.CarryOver(transaction, happening.appeal, happening.merged_into, happening.time));
      if (!happening.author.empty()) {
        RETURN_IF_ERROR(
            store_.Follow(transaction, happening.merged_into, happening.author, happening.time));
      }
      break;
  }
  if (!IsNews(happening)) return absl::OkStatus();
  RETURN_IF_ERROR(store_.Announce(transaction, happening));
  bool finished = false;
  if (budget > 0) {
    ASSIGN_OR_RETURN(finished, store_.Deliver(transaction, happening.event, kPage));
  }
  if (!finished) {
    --budget;
    transaction.OnCommit([this] {
      absl::MutexLock lock(&mutex_);
      awake_ = true;
    });
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
      return store_.Deliver(transaction, event, kPage).status();
    }));
  }
  return queued.empty();
}

void Intake::Start() { thread_ = std::thread(&Intake::Run, this); }

void Intake::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Intake::Run() {
  absl::Time pruned = absl::InfinitePast();
  absl::StatusOr<bool> finished = true;
  while (Wait(finished.ok() && !*finished ? absl::ZeroDuration() : kPoll)) {
    finished = DeliverQueued();
    if (!finished.ok()) {
      telemetry_.logger->Error("notices not delivered", {{"error", finished.status().ToString()}});
    }
    if (clock_.Now() - pruned >= kPruneEvery) {
      Prune();
      pruned = clock_.Now();
    }
  }
}

bool Intake::Wait(absl::Duration longest) {
  absl::MutexLock lock(&mutex_);
  const auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return awake_ || stopping_; };
  mutex_.AwaitWithTimeout(absl::Condition(&due), longest);
  awake_ = false;
  return !stopping_;
}

void Intake::Prune() {
  absl::Status status = database_.Write([&](sql::Transaction& transaction) {
    return store_.Prune(transaction, clock_.Now() - kKeep);
  });
  if (status.ok()) status = idempotency_.Prune().status();
  if (!status.ok()) {
    telemetry_.logger->Error("pruning failed", {{"error", status.ToString()}});
  }
}

}  // namespace veche::notifications
