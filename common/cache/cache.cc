#include "common/cache/cache.h"

#include <array>
#include <list>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/synchronization/mutex.h"

namespace veche::cache {
namespace {

// Approximate bytes of an entry's list node, hash slot and control blocks: many small values count
// too.
constexpr size_t kEntryOverhead = 160;

// One part of the cache with a lock of its own.
class Shard {
 public:
  Cache::Kept Get(absl::string_view key, absl::Time now) {
    absl::MutexLock lock(&mutex_);
    auto it = index_.find(key);
    if (it == index_.end()) return {};
    if (it->second->expires <= now) {
      Erase(it->second);
      return {};
    }
    entries_.splice(entries_.begin(), entries_, it->second);
    return {it->second->value, it->second->expires};
  }

  void Put(absl::string_view key, std::shared_ptr<const std::string> value, absl::Time expires,
           size_t max_bytes) {
    const size_t cost = kEntryOverhead + key.size() + value->size();
    absl::MutexLock lock(&mutex_);
    if (auto it = index_.find(key); it != index_.end()) Erase(it->second);
    if (cost > max_bytes) return;
    while (bytes_ + cost > max_bytes) Erase(std::prev(entries_.end()));
    entries_.push_front({std::string(key), std::move(value), expires, cost});
    index_.emplace(entries_.front().key, entries_.begin());
    bytes_ += cost;
  }

  void Remove(absl::string_view key) {
    absl::MutexLock lock(&mutex_);
    if (auto it = index_.find(key); it != index_.end()) Erase(it->second);
  }

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const std::string> value;
    absl::Time expires;
    size_t cost;
  };
  using Entries = std::list<Entry>;  // most recently used first

  void Erase(Entries::iterator entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    bytes_ -= entry->cost;
    index_.erase(entry->key);
    entries_.erase(entry);
  }

  absl::Mutex mutex_;
  Entries entries_ ABSL_GUARDED_BY(mutex_);
  // The keys are views into the entries.
  absl::flat_hash_map<absl::string_view, Entries::iterator> index_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

class LocalCache final : public Cache {
 public:
  LocalCache(size_t max_bytes, const Clock& clock)
      : max_bytes_of_shard_(max_bytes / kShards), clock_(clock) {}

  Kept Get(absl::string_view key) override { return ShardOf(key).Get(key, clock_.Now()); }
  void Put(absl::string_view key, std::shared_ptr<const std::string> value,
           absl::Duration ttl) override {
    ShardOf(key).Put(key, std::move(value), clock_.Now() + ttl, max_bytes_of_shard_);
  }
  void Remove(absl::string_view key) override { ShardOf(key).Remove(key); }

 private:
  static constexpr size_t kShards = 16;

  Shard& ShardOf(absl::string_view key) { return shards_[absl::HashOf(key) % kShards]; }

  const size_t max_bytes_of_shard_;
  const Clock& clock_;
  std::array<Shard, kShards> shards_;
};

}  // namespace

std::unique_ptr<Cache> MakeLocalCache(size_t max_bytes, const Clock& clock) {
  return std::make_unique<LocalCache>(max_bytes, clock);
}

}  // namespace veche::cache
