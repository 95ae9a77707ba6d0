#include "services/polling/board/live_results.h"

#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
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
    if (countings_.size() >= most_) {
      countings_.erase(absl::c_min_element(
          countings_, [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
    }
    found = countings_.emplace(poll.id, Kept{std::make_shared<Counting>(poll.definition)}).first;
  }
  found->second.used = ++uses_;
  return found->second.counting;
}

absl::StatusOr<v1::Results> LiveResults::Get(const Poll& poll) {
  const std::shared_ptr<Counting> counting = CountingOf(poll);
  absl::MutexLock lock(&counting->mutex);
  const absl::Time now = clock_.Now();
  if (counting->read < poll.tree_size && now - counting->at >= kFresh) {
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

void LiveResults::Add(protocol::Ballot ballot, const Poll& poll, Counting& counting) {
  counting.group_voters.insert(ballot.voter_key);
  counting.group.push_back(std::move(ballot));
  if (counting.group_voters.size() < static_cast<size_t>(poll.definition.batch_ballots)) return;
  for (const protocol::Ballot& one : counting.group) counting.tally.Add(one);
  counting.group.clear();
  counting.group_voters.clear();
}

absl::Status LiveResults::CatchUp(const Poll& poll, Counting& counting) {
  while (counting.read < poll.tree_size) {
    std::vector<std::string> entries;
    RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(entries,
                       entries_.ListEntries(transaction, poll.id, counting.read, kEntriesAtOnce));
      return absl::OkStatus();
    }));
    if (entries.empty()) return absl::DataLossError("entries of a board are missing");
    for (const std::string& entry : entries) {
      ++counting.read;
      if (entry[0] == static_cast<char>(protocol::EntryKind::kBallot)) {
        ASSIGN_OR_RETURN(protocol::Ballot ballot, protocol::ParseEntry(entry));
        Add(std::move(ballot), poll, counting);
      }
      if (counting.group.empty()) counting.counted = counting.read;
    }
  }
  return absl::OkStatus();
}

}  // namespace veche::polling
