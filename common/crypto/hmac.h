#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace veche::crypto {

// The 32 bytes of HMAC-SHA-256 (RFC 2104). Thread-safe. Aborts when OpenSSL has no memory.
std::string HmacSha256(absl::string_view key, absl::string_view message);
// Compares in a time that depends on the sizes only, not on the bytes.
bool EqualInConstantTime(absl::string_view a, absl::string_view b);

}  // namespace veche::crypto
