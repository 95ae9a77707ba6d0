#pragma once

#include <deque>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/sql/database.h"
#include "services/polling/protocol/check_ballot.h"
#include "services/polling/storage/poll_store.h"

namespace veche::polling {

// The ballot checkers of the polls that are voted in, at most kMost: parsing the keys of a
// definition costs more than checking a ballot. A definition never changes, so a checker is never
// out of date. Thread-safe.
class Checkers {
 public:
  static constexpr size_t kMost = 64;

  Checkers(sql::Database& database, PollStore& polls) : database_(database), polls_(polls) {}

  // POLL_NOT_FOUND for a draft as well.
  absl::StatusOr<std::shared_ptr<const protocol::BallotChecker>> For(absl::string_view poll);

 private:
  sql::Database& database_;
  PollStore& polls_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<const protocol::BallotChecker>> checkers_
      ABSL_GUARDED_BY(mutex_);
  std::deque<std::string> order_ ABSL_GUARDED_BY(mutex_);  // oldest first
};

}  // namespace veche::polling
