#include "services/polling/board/live_results.h"

#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/wire/convert.h"

namespace veche::polling {
namespace {

constexpr int kEntriesAtOnce = 1000;
constexpr absl::Duration kFresh = absl::Seconds(1);

}  // namespace

std::shared_ptr<LiveResults::Counting> LiveResults::CountingOf(const Poll& poll) {
  absl::MutexLock lock(&mutex_);
  auto found = countings_.find(poll.id);
  if (found == countings_.end()) {
    // A tally can be made again from the board, so any may go.
    if (countings_.size() >= kMost) countings_.erase(countings_.begin());
    found = countings_.emplace(poll.id, std::make_shared<Counting>(poll.definition)).first;
  }
  return found->second;
}

absl::StatusOr<v1::Results> LiveResults::Get(const Poll& poll) {
  const std::shared_ptr<Counting> counting = CountingOf(poll);
  absl::MutexLock lock(&counting->mutex);
  const absl::Time now = clock_.Now();
  if (counting->counted < poll.tree_size && now - counting->at >= kFresh) {
    RETURN_IF_ERROR(CatchUp(poll, *counting));
    v1::Results results;
    results.set_ballot_count(counting->tally.voters());
    AddResults(poll.definition, counting->tally.Count(), results);
    results.set_tree_size(static_cast<int64_t>(counting->counted));
    counting->results = std::move(results);
    counting->at = now;
  }
  return counting->results;
}

absl::Status LiveResults::CatchUp(const Poll& poll, Counting& counting) {
  while (counting.counted < poll.tree_size) {
    std::vector<std::string> entries;
    RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(
          entries, entries_.ListEntries(transaction, poll.id, counting.counted, kEntriesAtOnce));
      return absl::OkStatus();
    }));
    if (entries.empty()) return absl::DataLossError("entries of a board are missing");
    for (const std::string& entry : entries) {
      ++counting.counted;
      if (entry[0] != static_cast<char>(protocol::EntryKind::kBallot)) continue;
      ASSIGN_OR_RETURN(const protocol::Ballot ballot, protocol::ParseEntry(entry));
      counting.tally.Add(ballot);
    }
  }
  return absl::OkStatus();
}

}  // namespace veche::polling
