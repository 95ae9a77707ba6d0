#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"

namespace veche::cache {

// Remembers answers for a while; forgetting any of them at any time is always right. Thread-safe.
class Cache {
 public:
  virtual ~Cache() = default;
  virtual std::shared_ptr<const std::string> Get(absl::string_view key) = 0;  // null when not there
  virtual void Put(absl::string_view key, std::shared_ptr<const std::string> value,
                   absl::Duration ttl) = 0;
  virtual void Remove(absl::string_view key) = 0;
};

// In this process: sharded, bounded by bytes, least recently used goes first.
std::unique_ptr<Cache> MakeLocalCache(size_t max_bytes, const Clock& clock);

}  // namespace veche::cache
