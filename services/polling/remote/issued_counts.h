#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "services/polling/polls/poll.h"
#include "services/polling/remote/issuers.h"

namespace veche::polling {

// What the issuers have issued in open polls, asked for at most once a minute. Keeps at most kMost
// polls. Thread-safe.
class IssuedCounts {
 public:
  static constexpr size_t kMost = 256;

  IssuedCounts(Issuers& issuers, const Clock& clock) : issuers_(issuers), clock_(clock) {}

  // One for each issuer of the definition. Of an issuer that cannot be reached, what it said last;
  // without those that have not been reached yet.
  std::vector<Issued> Get(const Poll& poll);
  // The number of the definition's first issuer; nullopt until it has been reached.
  std::optional<int64_t> CountOfFirst(const Poll& poll);

 private:
  struct Known {
    std::vector<Issued> issued;
    absl::Time at = absl::InfinitePast();
  };

  Issuers& issuers_;
  const Clock& clock_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Known> known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::polling
