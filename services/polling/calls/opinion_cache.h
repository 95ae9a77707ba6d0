#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/sql/database.h"
#include "services/polling/opinions/opinion_map.h"
#include "services/polling/opinions/vote_matrix.h"
#include "services/polling/storage/statement_store.h"

namespace veche::polling {

// A discussion's opinion map. Statements are indexes into `statements`.
struct ComputedMap {
  opinions::OpinionMap map;
  std::vector<std::string> statements;  // ids
  int64_t participants = 0;             // people with a vote
};

// Opinion maps of the discussions that were asked for lately. Each keeps its vote matrix and reads
// only the votes that changed since, whichever replica took them; a discussion that is not kept is
// read whole from the database. Thread-safe; blocking.
class OpinionCache {
 public:
  // Both must outlive it. At most `capacity` discussions are kept.
  OpinionCache(sql::Database& database, StatementStore& store, size_t capacity = 64)
      : database_(database), store_(store), capacity_(capacity) {}

  // The map of all votes that are committed now.
  absl::StatusOr<std::shared_ptr<const ComputedMap>> Get(const std::string& initiative);

 private:
  struct Discussion {
    absl::Mutex mutex;
    opinions::VoteMatrix matrix ABSL_GUARDED_BY(mutex);
    StatementVoteRow seen ABSL_GUARDED_BY(mutex);  // the last row that the matrix has
    std::shared_ptr<const ComputedMap> computed ABSL_GUARDED_BY(mutex);
  };
  using Entry = std::pair<std::string, std::shared_ptr<Discussion>>;

  // The kept discussion, made the latest; a new one may drop the one that was not asked for
  // longest.
  std::shared_ptr<Discussion> Find(const std::string& initiative);
  // Applies what changed; true when something did.
  absl::StatusOr<bool> Refresh(const std::string& initiative, Discussion& discussion)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(discussion.mutex);

  sql::Database& database_;
  StatementStore& store_;
  const size_t capacity_;
  absl::Mutex mutex_;
  std::list<Entry> latest_ ABSL_GUARDED_BY(mutex_);  // the latest first
  absl::flat_hash_map<std::string, std::list<Entry>::iterator> index_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::polling
