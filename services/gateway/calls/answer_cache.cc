#include "services/gateway/calls/answer_cache.h"

#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace veche::gateway {
namespace {

struct Sizes {
  uint32_t etag;
  uint32_t content_type;
  uint32_t body;
};

}  // namespace

std::shared_ptr<const std::string> CachedAnswer::Pack(absl::string_view etag,
                                                      absl::string_view content_type,
                                                      absl::string_view body,
                                                      absl::string_view gzip) {
  const Sizes sizes = {static_cast<uint32_t>(etag.size()),
                       static_cast<uint32_t>(content_type.size()),
                       static_cast<uint32_t>(body.size())};
  return std::make_shared<const std::string>(
      absl::StrCat(absl::string_view(reinterpret_cast<const char*>(&sizes), sizeof(sizes)), etag,
                   content_type, body, gzip));
}

CachedAnswer CachedAnswer::Unpack(absl::string_view packed) {
  Sizes sizes;
  std::memcpy(&sizes, packed.data(), sizeof(sizes));
  packed.remove_prefix(sizeof(sizes));
  const auto take = [&](size_t size) {
    const absl::string_view part = packed.substr(0, size);
    packed.remove_prefix(size);
    return part;
  };
  CachedAnswer answer{
      .etag = take(sizes.etag), .content_type = take(sizes.content_type), .body = take(sizes.body)};
  answer.gzip = packed;
  return answer;
}

std::shared_ptr<AnswerCache::Flight> AnswerCache::Join(const std::string& key, Waiter waiter) {
  absl::MutexLock lock(&mutex_);
  std::shared_ptr<Flight>& flight = flights_[key];
  const bool first = flight == nullptr;
  if (first) {
    flight = std::make_shared<Flight>();
    flight->key_ = key;
  }
  flight->waiters_.push_back(std::move(waiter));
  return first ? flight : nullptr;
}

void AnswerCache::Land(const std::shared_ptr<Flight>& flight, absl::StatusOr<Packed> answer,
                       absl::Duration ttl) {
  std::vector<Waiter> waiters;
  {
    absl::MutexLock lock(&mutex_);
    // Stored under the lock, so that an invalidation comes either before, and marks the flight, or
    // after, and removes the answer.
    const absl::Duration left = ttl - (absl::Now() - flight->begin_);
    if (answer.ok() && !flight->stale_ && left > absl::ZeroDuration()) {
      cache_.Put(flight->key_, *answer, left);
    }
    if (!flight->stale_) flights_.erase(flight->key_);
    waiters = std::move(flight->waiters_);
  }
  for (const Waiter& waiter : waiters) waiter(answer);
}

void AnswerCache::Invalidate(const std::string& key) {
  absl::MutexLock lock(&mutex_);
  cache_.Remove(key);
  const auto found = flights_.find(key);
  if (found == flights_.end()) return;
  // Waiting requests came before the change was answered and may get the old state; later requests
  // need a new flight.
  found->second->stale_ = true;
  flights_.erase(found);
}

}  // namespace veche::gateway
