#include "common/auth/ended_sessions.h"

#include <utility>

namespace veche::auth {

void EndedSessions::Add(absl::string_view session, absl::Time until) {
  if (!Insert(session, until)) return;
  absl::MutexLock lock(&listeners_mutex_);
  for (const auto& [id, listener] : listeners_) listener(session);
}

bool EndedSessions::Insert(absl::string_view session, absl::Time until) {
  const absl::Time now = clock_.Now();
  if (session.empty() || until <= now) return false;
  absl::MutexLock lock(&mutex_);
  if (until_.contains(session)) return false;
  if (until_.size() >= capacity_) MakeRoom(now);
  until_.emplace(session, until);
  any_ = true;
  return true;
}

void EndedSessions::MakeRoom(absl::Time now) {
  absl::erase_if(until_, [now](const auto& entry) { return entry.second <= now; });
  if (until_.size() >= capacity_) until_.erase(until_.begin());
}

bool EndedSessions::Contains(absl::string_view session) const {
  if (!any_.load(std::memory_order_acquire)) return false;
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = until_.find(session);
  return found != until_.end() && clock_.Now() < found->second;
}

int64_t EndedSessions::AddListener(Listener listener) {
  absl::MutexLock lock(&listeners_mutex_);
  listeners_.emplace(++last_listener_, std::move(listener));
  return last_listener_;
}

void EndedSessions::RemoveListener(int64_t id) {
  absl::MutexLock lock(&listeners_mutex_);
  listeners_.erase(id);
}

}  // namespace veche::auth
