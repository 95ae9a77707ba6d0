#pragma once

#include <openssl/evp.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/evp_key.h"

// Keys of the curve P-256 over OpenSSL. All functions are thread-safe, and abort when OpenSSL fails
// with valid keys (out of memory).

namespace veche::crypto {

constexpr size_t kP256PointBytes = 65;  // uncompressed: 0x04, x, y

EvpKey GenerateP256();
// InvalidArgument when the text is not an unencrypted P-256 private key in PEM.
absl::StatusOr<EvpKey> P256FromPem(absl::string_view pem);
// The private key as unencrypted PKCS#8 PEM: a secret.
std::string P256ToPem(const EVP_PKEY& key);
// Null unless `point` is an uncompressed point of the curve.
EvpKey P256FromPoint(absl::string_view point);
std::string P256Point(const EVP_PKEY& key);

// ECDH: the 32 bytes of the shared x coordinate. REQUIRES: `own` has a private key.
std::string P256SharedSecret(EVP_PKEY& own, EVP_PKEY& peer);
// ECDSA with SHA-256, as ES256 of JWS has it: r ‖ s, 64 bytes.
std::string SignEs256(EVP_PKEY& key, absl::string_view text);
bool VerifyEs256(EVP_PKEY& key, absl::string_view text, absl::string_view signature);

}  // namespace veche::crypto
