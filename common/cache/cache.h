#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace veche::cache {

// Keeps values for a limited time. An implementation may drop any value at any time. Thread-safe.
class Cache {
 public:
  virtual ~Cache() = default;
  struct Kept {
    std::shared_ptr<const std::string> value;  // null: the key is absent or its value has expired
    absl::Time expires;
  };
  virtual Kept Get(absl::string_view key) = 0;
  // Replaces the value of `key` until `ttl` is over. REQUIRES: `value` is not null.
  virtual void Put(absl::string_view key, std::shared_ptr<const std::string> value,
                   absl::Duration ttl) = 0;
  virtual void Remove(absl::string_view key) = 0;
};

// A cache in the memory of this process: sharded, bounded by `max_bytes` in total; drops the least
// recently used values first, and keeps no value larger than `max_bytes` / 16. `clock` must outlive
// the cache.
std::unique_ptr<Cache> MakeLocalCache(size_t max_bytes, const Clock& clock);

}  // namespace veche::cache
