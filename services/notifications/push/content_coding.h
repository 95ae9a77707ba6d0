#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

// The content coding aes128gcm (RFC 8188). Pure over OpenSSL; thread-safe; aborts when OpenSSL has
// no memory.

namespace veche::notifications {

constexpr size_t kCodingSaltBytes = 16;
constexpr size_t kCodingTagBytes = 16;

struct CodingOptions {
  std::string salt;             // kCodingSaltBytes, never used twice with one key
  std::string key_id;           // at most 255 bytes
  uint32_t record_size = 4096;  // at least 18
  size_t padding = 0;           // bytes that hide the length, in the first records
};

// Encrypts `text` with the input keying material `key`: header and records.
std::string EncodeAes128Gcm(absl::string_view key, absl::string_view text,
                            const CodingOptions& options);

// HKDF with SHA-256 (RFC 5869): `size` bytes.
std::string Hkdf(absl::string_view salt, absl::string_view key, absl::string_view info,
                 size_t size);

}  // namespace veche::notifications
