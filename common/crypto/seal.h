#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Encryption of values at rest. Thread-safe. A failure inside OpenSSL aborts the process, because
// no result could be trusted after it.

namespace veche::crypto {

constexpr size_t kSealKeyBytes = 32;

// Encrypts with AES-256-GCM and a random nonce; returns nonce, ciphertext, tag. `context` (the
// additional data) says what is sealed and for whom: Unseal needs the same context, so a sealed
// value cannot be moved to another row.
// REQUIRES: key.size() == kSealKeyBytes.
std::string Seal(absl::string_view key, absl::string_view plain, absl::string_view context);
// DataLoss when the key, the context or the bytes differ from those of Seal.
absl::StatusOr<std::string> Unseal(absl::string_view key, absl::string_view sealed,
                                   absl::string_view context);

}  // namespace veche::crypto
