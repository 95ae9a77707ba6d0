#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/cache/cache.h"

namespace veche::gateway {

// An answer ready to be sent, kept in one string, so that a cache of strings can hold it.
struct CachedAnswer {
  static std::shared_ptr<const std::string> Pack(absl::string_view etag,
                                                 absl::string_view content_type,
                                                 absl::string_view body, absl::string_view gzip);
  // The result points into `packed`.
  static CachedAnswer Unpack(absl::string_view packed);

  absl::string_view etag;  // with its quotes
  absl::string_view content_type;
  absl::string_view body;
  absl::string_view gzip;  // "" when compression does not pay
};

// Keeps public answers for their time to live, and lets one request fetch an answer for which many
// wait. Thread-safe.
class AnswerCache {
 public:
  using Packed = std::shared_ptr<const std::string>;
  using Waiter = std::function<void(const absl::StatusOr<Packed>&)>;

  explicit AnswerCache(cache::Cache& cache) : cache_(cache) {}

  Packed Get(absl::string_view key) { return cache_.Get(key); }

  // Waits for an answer. The first caller for a key gets a flight and must call Land with it; the
  // others get null.
  class Flight;
  std::shared_ptr<Flight> Join(const std::string& key, Waiter waiter);
  // Stores the answer for `ttl` from the begin of the flight, because it may be as old as that, and
  // not if the key was invalidated since; passes the answer to all waiting callers.
  void Land(const std::shared_ptr<Flight>& flight, absl::StatusOr<Packed> answer,
            absl::Duration ttl);

  // Removes the stored answer; an answer that is being fetched will not be stored.
  void Invalidate(const std::string& key);

 private:
  cache::Cache& cache_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<Flight>> flights_ ABSL_GUARDED_BY(mutex_);
};

class AnswerCache::Flight {
 private:
  friend class AnswerCache;
  const absl::Time begin_ = absl::Now();
  std::string key_;
  std::vector<Waiter> waiters_;
  bool stale_ = false;
};

}  // namespace veche::gateway
