#pragma once

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/sql/database.h"
#include "services/polling/polls/poll.h"
#include "services/polling/protocol/ballot_tally.h"
#include "services/polling/storage/board_store.h"
#include "veche/polling/v1/polls.pb.h"

namespace veche::polling {

// The results of open polls. Each poll's tally stays in memory and reads only the entries that are
// new, at most once in a second. Keeps at most kMost tallies. Thread-safe.
class LiveResults {
 public:
  static constexpr size_t kMost = 32;

  LiveResults(sql::Database& database, BoardStore& entries, const Clock& clock)
      : database_(database), entries_(entries), clock_(clock) {}

  // Results without the counts of identity and the issuers.
  absl::StatusOr<v1::Results> Get(const Poll& poll);

 private:
  struct Counting {
    explicit Counting(const protocol::Definition& definition) : tally(definition) {}

    absl::Mutex mutex;
    protocol::BallotTally tally ABSL_GUARDED_BY(mutex);
    uint64_t counted ABSL_GUARDED_BY(mutex) = 0;  // entries
    absl::Time at ABSL_GUARDED_BY(mutex) = absl::InfinitePast();
    v1::Results results ABSL_GUARDED_BY(mutex);
  };

  std::shared_ptr<Counting> CountingOf(const Poll& poll);
  absl::Status CatchUp(const Poll& poll, Counting& counting)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(counting.mutex);

  sql::Database& database_;
  BoardStore& entries_;
  const Clock& clock_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<Counting>> countings_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::polling
