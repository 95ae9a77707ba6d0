#pragma once

#include <openssl/evp.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/evp_key.h"

// Ed25519 (RFC 8032) over OpenSSL. All functions are thread-safe, and abort when
// OpenSSL fails with valid keys (out of memory).

namespace veche::crypto {

EvpKey GenerateEd25519();
// InvalidArgument when the text is not an unencrypted Ed25519 private key in PKCS#8 PEM.
absl::StatusOr<EvpKey> Ed25519FromPem(absl::string_view pem);
// The private key as unencrypted PKCS#8 PEM: a secret.
std::string Ed25519ToPem(const EVP_PKEY& key);
// Null unless `bytes` are the 32 bytes of a public key.
EvpKey Ed25519FromPublic(absl::string_view bytes);
std::string Ed25519PublicBytes(const EVP_PKEY& key);

// The signature has 64 bytes.
std::string Ed25519Sign(const EVP_PKEY& key, absl::string_view text);
bool Ed25519Verify(const EVP_PKEY& key, absl::string_view text, absl::string_view signature);

}  // namespace veche::crypto
