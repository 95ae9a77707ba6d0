#pragma once

#include <openssl/evp.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/evp_key.h"

// Voter keys: ECDSA over P-256 with SHA-256. All functions are thread-safe and take any bytes.

namespace veche::polling::protocol {

// InvalidArgument unless `spki` is the SubjectPublicKeyInfo (DER) of a P-256 key with its point
// uncompressed (91 bytes) and on the curve. Other curves, compressed points and other encodings are
// refused.
absl::StatusOr<crypto::EvpKey> ParseVoterKey(absl::string_view spki);

// `signature` is r ‖ s, 64 bytes.
bool VerifyVoterSignature(EVP_PKEY& key, absl::string_view text, absl::string_view signature);

// For voters. The key is a P-256 private key.
crypto::EvpKey GenerateVoterKey();
std::string VoterPublicKey(const EVP_PKEY& key);  // SubjectPublicKeyInfo (DER), 91 bytes
std::string SignAsVoter(EVP_PKEY& key, absl::string_view text);  // r ‖ s
std::string VoterKeyToPkcs8(const EVP_PKEY& key);                // unencrypted, DER: a secret
// InvalidArgument unless `der` is a P-256 private key.
absl::StatusOr<crypto::EvpKey> VoterKeyFromPkcs8(absl::string_view der);

}  // namespace veche::polling::protocol
