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
#include "common/base/clock.h"
#include "common/cache/cache.h"
#include "common/redis/shared_cache.h"

namespace veche::gateway {

// An answer ready to be sent, kept in one string, so that a cache of strings can hold it.
struct CachedAnswer {
  static std::shared_ptr<const std::string> Pack(absl::string_view etag,
                                                 absl::string_view content_type,
                                                 absl::string_view body, absl::string_view gzip);
  // Null when the error is not one to keep: only NotFound is.
  static std::shared_ptr<const std::string> PackError(const absl::Status& status);
  // The result points into `packed`. The error that was packed; Internal when nothing was.
  static absl::StatusOr<CachedAnswer> Unpack(absl::string_view packed);

  absl::string_view etag;  // with its quotes
  absl::string_view content_type;
  absl::string_view body;
  absl::string_view gzip;  // "" when compression does not pay
};

// Keeps public answers, and errors that say that there is none, for their time to live, and lets
// one request fetch an answer for which many wait: one of this process or, with a shared cache, one
// of all gateways. Thread-safe.
class AnswerCache {
 public:
  using Packed = std::shared_ptr<const std::string>;
  using Waiter = std::function<void(const absl::StatusOr<CachedAnswer>&, const Packed&)>;

  // `shared` is null when gateways do not share answers. `most_local` bounds how long this process
  // keeps an answer itself; zero: not at all.
  AnswerCache(cache::Cache& cache, const Clock& clock, redis::SharedCache* shared = nullptr,
              absl::Duration most_local = absl::InfiniteDuration())
      : cache_(cache), clock_(clock), shared_(shared), most_local_(most_local) {}

  // The answer that this process keeps, or null. Null for one caller too when its life of `life` is
  // nearly over: that caller fetches the answer anew while the others get it still.
  Packed Get(absl::string_view key, absl::Duration life);

  // Waits for an answer. The first caller for a key gets a flight and must call Fetch with it; the
  // others get null.
  class Flight;
  std::shared_ptr<Flight> Join(const std::string& key, absl::Duration life, Waiter waiter);
  // Takes the answer from the shared cache, or calls `ask`, which asks the service and passes its
  // answer to Land.
  void Fetch(const std::shared_ptr<Flight>& flight, std::function<void()> ask);
  // Stores the answer for its life from the time of asking, because it may be as old as that, and
  // not if the key was invalidated since; passes the answer to all waiting callers.
  void Land(const std::shared_ptr<Flight>& flight, const absl::StatusOr<Packed>& answer);

  // Removes the stored answer of a life of `life`; an answer that is being fetched will not be
  // stored. Another gateway may share an older answer until that life is over, so this one does not
  // take shared answers for as long.
  void Invalidate(const std::string& key, absl::Duration life);

 private:
  // Keeps the answer in this process if it is one to keep, and passes it on. False: not kept.
  bool Deliver(const std::shared_ptr<Flight>& flight, const absl::StatusOr<Packed>& answer,
               absl::Duration left);

  cache::Cache& cache_;
  const Clock& clock_;
  redis::SharedCache* const shared_;
  const absl::Duration most_local_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<Flight>> flights_ ABSL_GUARDED_BY(mutex_);
};

class AnswerCache::Flight {
 private:
  friend class AnswerCache;
  std::string key_;
  absl::Duration life_;
  absl::Time asked_;  // when the service was
  std::vector<Waiter> waiters_;
  bool stale_ = false;
};

}  // namespace veche::gateway
