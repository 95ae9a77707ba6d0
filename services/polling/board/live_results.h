#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/sql/database.h"
#include "services/polling/polls/poll.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/protocol/ballot_tally.h"
#include "services/polling/storage/board_store.h"
#include "veche/polling/v1/polls.pb.h"

namespace veche::polling {

// The results of open polls. Each poll's tally stays in memory and reads only the entries that are
// new, at most once in a second. Thread-safe.
//
// Ballots are counted in whole groups, in the order of the board: a group ends with the ballot that
// makes it have as many voter keys as a batch needs. In a quiet poll a batch may be a single
// ballot, and a result that followed it would tell that ballot's answers. The groups follow from
// the board alone, so replicas and restarts show the same results.
class LiveResults {
 public:
  // Keeps at most `most` tallies: those that were asked for last.
  LiveResults(sql::Database& database, BoardStore& entries, const Clock& clock, size_t most = 32)
      : database_(database), entries_(entries), clock_(clock), most_(most) {}

  // Results without the counts of identity and the issuers. `tree_size` is where the last group
  // ends.
  absl::StatusOr<v1::Results> Get(const Poll& poll);

 private:
  struct Counting {
    explicit Counting(const protocol::Definition& definition) : tally(definition) {}

    absl::Mutex mutex;
    protocol::BallotTally tally ABSL_GUARDED_BY(mutex);
    uint64_t read ABSL_GUARDED_BY(mutex) = 0;     // entries
    uint64_t counted ABSL_GUARDED_BY(mutex) = 0;  // entries, up to the end of a group
    std::vector<protocol::Ballot> group ABSL_GUARDED_BY(mutex);  // read and not counted
    absl::flat_hash_set<std::string> group_voters ABSL_GUARDED_BY(mutex);
    absl::Time at ABSL_GUARDED_BY(mutex) = absl::InfinitePast();
    v1::Results results ABSL_GUARDED_BY(mutex);
  };

  struct Kept {
    std::shared_ptr<Counting> counting;
    uint64_t used = 0;  // the number of the last use
  };

  std::shared_ptr<Counting> CountingOf(const Poll& poll);
  static void Add(protocol::Ballot ballot, const Poll& poll, Counting& counting)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(counting.mutex);
  absl::Status CatchUp(const Poll& poll, Counting& counting)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(counting.mutex);

  sql::Database& database_;
  BoardStore& entries_;
  const Clock& clock_;
  const size_t most_;
  absl::Mutex mutex_;
  uint64_t uses_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<std::string, Kept> countings_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::polling
