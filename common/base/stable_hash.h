#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace veche {

// FNV-1a, 64 bits: unlike absl::Hash, the same in every process and version, so the hash may be
// stored and sent. Not for security: collisions are easy to construct.
inline uint64_t StableHash(absl::string_view text) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

}  // namespace veche
