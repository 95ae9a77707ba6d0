#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// The few primitives that identity needs, from OpenSSL. All are thread-safe; a failure of the
// library itself ends the process, for nothing is safe then.

namespace veche::identity {

constexpr size_t kKeyBytes = 32;

std::string RandomBytes(size_t count);
// `count` decimal digits, each equally likely.
std::string RandomDigits(size_t count);

std::string Sha256(absl::string_view message);
std::string HmacSha256(absl::string_view key, absl::string_view message);
// Takes as long whatever the bytes are.
bool EqualInConstantTime(absl::string_view a, absl::string_view b);

// AES-256-GCM with a random nonce: nonce, ciphertext, tag. `context` says what is sealed and for
// whom; only the same context opens it, so sealed values cannot be moved between rows.
// REQUIRES: key.size() == kKeyBytes.
std::string Seal(absl::string_view key, absl::string_view plain, absl::string_view context);
// DataLoss when key, context or bytes are not those of Seal.
absl::StatusOr<std::string> Unseal(absl::string_view key, absl::string_view sealed,
                                   absl::string_view context);

}  // namespace veche::identity
