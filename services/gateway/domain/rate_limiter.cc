#include "services/gateway/domain/rate_limiter.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"

namespace veche::gateway {
namespace {

// Seeded in each process, so that an attacker cannot prepare collisions.
uint64_t Hash(absl::string_view key) { return absl::Hash<absl::string_view>()(key); }

}  // namespace

RateLimiter::RateLimiter(double rate, double burst, size_t capacity, const Clock& clock)
    : rate_(rate),
      burst_(std::max(1.0, burst)),
      half_(std::max<size_t>(1, capacity / 2)),
      clock_(clock) {}

absl::Duration RateLimiter::Take(absl::string_view key) {
  if (rate_ <= 0) return absl::ZeroDuration();
  const absl::Time now = clock_.Now();
  const uint64_t hash = Hash(key);
  absl::MutexLock lock(&mutex_);
  auto found = young_.find(hash);
  if (found == young_.end()) {
    if (young_.size() >= half_) {
      old_ = std::move(young_);
      young_.clear();
    }
    const auto before = old_.find(hash);
    found = young_.emplace(hash, before == old_.end() ? Bucket{burst_, now} : before->second).first;
  }
  Bucket& bucket = found->second;
  const double passed = std::max(0.0, absl::ToDoubleSeconds(now - bucket.time));
  bucket.tokens = std::min(burst_, bucket.tokens + passed * rate_);
  bucket.time = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return absl::ZeroDuration();
  }
  return absl::Seconds((1 - bucket.tokens) / rate_);
}

std::shared_ptr<void> SlotCounter::Take(absl::string_view key) {
  const uint64_t hash = Hash(key);
  {
    absl::MutexLock lock(&mutex_);
    int& taken = taken_[hash];
    if (limit_ > 0 && taken >= limit_) return nullptr;
    ++taken;
  }
  return {this, [self = shared_from_this(), hash](void*) {
            absl::MutexLock lock(&self->mutex_);
            const auto found = self->taken_.find(hash);
            if (--found->second == 0) self->taken_.erase(found);
          }};
}

}  // namespace veche::gateway
