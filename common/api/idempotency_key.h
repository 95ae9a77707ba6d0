#pragma once

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace veche::api {

inline constexpr size_t kMaxIdempotencyKey = 128;  // characters

// Whether `key` may be an Idempotency-Key: 1 to kMaxIdempotencyKey printable ASCII characters.
inline bool IsIdempotencyKey(absl::string_view key) {
  return !key.empty() && key.size() <= kMaxIdempotencyKey &&
         std::all_of(key.begin(), key.end(), absl::ascii_isprint);
}

}  // namespace veche::api
