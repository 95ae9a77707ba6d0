#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace veche::auth {

// Sessions whose access tokens are refused although they have not expired. Bounded: beyond
// `capacity` an arbitrary session is forgotten, whose tokens then count until they expire.
// Thread-safe.
class EndedSessions {
 public:
  using Listener = std::function<void(absl::string_view session)>;

  // `clock` must outlive it.
  explicit EndedSessions(const Clock& clock, size_t capacity = 100'000)
      : clock_(clock), capacity_(capacity) {}

  // Refuses `session` until `until`, when the last of its tokens has expired, and tells the
  // listeners. Repeats are ignored.
  void Add(absl::string_view session, absl::Time until);
  bool Contains(absl::string_view session) const;

  // `listener` is called for each session that is added, on the thread of Add; it must be quick and
  // must not add or remove listeners. After RemoveListener it is not running and never runs again.
  int64_t AddListener(Listener listener);
  void RemoveListener(int64_t id);

 private:
  // False when the session is known or its tokens have expired.
  bool Insert(absl::string_view session, absl::Time until);
  void MakeRoom(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  const size_t capacity_;
  std::atomic<bool> any_ = false;  // spares the lock where no session has ended, the usual case
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, absl::Time> until_ ABSL_GUARDED_BY(mutex_);
  absl::Mutex listeners_mutex_;
  int64_t last_listener_ ABSL_GUARDED_BY(listeners_mutex_) = 0;
  std::map<int64_t, Listener> listeners_ ABSL_GUARDED_BY(listeners_mutex_);
};

}  // namespace veche::auth
