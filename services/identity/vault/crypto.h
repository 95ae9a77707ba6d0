#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// The cryptographic primitives of identity, implemented by OpenSSL. Thread-safe. A failure inside
// OpenSSL aborts the process, because no result could be trusted after it.

namespace veche::identity {

constexpr size_t kKeyBytes = 32;

std::string RandomBytes(size_t count);
// `count` decimal digits, each equally likely.
std::string RandomDigits(size_t count);

std::string Sha256(absl::string_view message);
std::string HmacSha256(absl::string_view key, absl::string_view message);
// Compares in a time that depends on the sizes only, not on the bytes.
bool EqualInConstantTime(absl::string_view a, absl::string_view b);

// Encrypts with AES-256-GCM and a random nonce; returns nonce, ciphertext, tag. `context` (the
// additional data) says what is sealed and for whom: Unseal needs the same context, so a sealed
// value cannot be moved to another row.
// REQUIRES: key.size() == kKeyBytes.
std::string Seal(absl::string_view key, absl::string_view plain, absl::string_view context);
// DataLoss when the key, the context or the bytes differ from those of Seal.
absl::StatusOr<std::string> Unseal(absl::string_view key, absl::string_view sealed,
                                   absl::string_view context);

}  // namespace veche::identity
