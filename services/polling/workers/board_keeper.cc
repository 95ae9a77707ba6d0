#include "services/polling/workers/board_keeper.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"

namespace veche::polling {
namespace {

// Nobody wakes this worker for the ballots that another replica took.
constexpr absl::Duration kPoll = absl::Seconds(1);

}  // namespace

BoardKeeper::BoardKeeper(sql::Database& database, PollStore& polls, BoardStore& entries,
                         Board& board, const Clock& clock, observe::Telemetry& telemetry,
                         std::function<void()> on_append)
    : database_(database),
      polls_(polls),
      entries_(entries),
      board_(board),
      clock_(clock),
      telemetry_(telemetry),
      on_append_(std::move(on_append)),
      worker_(observe::LoggedWorker("board-keeper", telemetry_), [this] { return Step(); }) {}

absl::Duration BoardKeeper::Step() {
  const absl::StatusOr<absl::Duration> pause = AppendDue();
  if (pause.ok()) return *pause;
  telemetry_.logger->Error("ballots not appended", {{"error", pause.status().ToString()}});
  return kPoll;
}

absl::StatusOr<absl::Duration> BoardKeeper::AppendDue() {
  struct Due {
    PendingCount count;
    std::optional<Poll> poll;
  };
  std::vector<Due> waiting;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    waiting.clear();
    ASSIGN_OR_RETURN(const std::vector<PendingCount> counts, entries_.CountPending(transaction));
    for (const PendingCount& count : counts) {
      ASSIGN_OR_RETURN(std::optional<Poll> poll, polls_.Get(transaction, count.poll));
      waiting.push_back({count, std::move(poll)});
    }
    return absl::OkStatus();
  }));
  absl::Duration pause = kPoll;
  absl::Status last;
  const absl::Time now = clock_.Now();
  for (const auto& [count, poll] : waiting) {
    if (!poll) continue;
    const absl::Time due =
        absl::FromUnixSeconds(count.oldest_minute) + absl::Seconds(poll->definition.batch_seconds);
    if (count.voters >= poll->definition.batch_ballots || now >= due) {
      const absl::StatusOr<bool> appended = AppendBatch(poll->id);
      if (!appended.ok()) last = appended.status();
      if (appended.ok() && *appended) pause = absl::ZeroDuration();  // more may wait
    } else {
      pause = std::min(pause, due - now);
    }
  }
  RETURN_IF_ERROR(last);
  return pause;
}

absl::StatusOr<bool> BoardKeeper::AppendBatch(absl::string_view id) {
  bool appended = false;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    appended = false;
    ASSIGN_OR_RETURN(std::optional<Poll> poll, polls_.Lock(transaction, id));
    // A poll that is being closed appends its last ballots itself, before the closing record.
    if (!poll || poll->state >= PollState::kClosing) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto leaves, board_.AppendBatch(transaction, *poll));
    if (leaves.empty()) return absl::OkStatus();
    appended = true;
    transaction.OnCommit(on_append_);
    return polls_.Update(transaction, *poll);
  }));
  return appended;
}

}  // namespace veche::polling
