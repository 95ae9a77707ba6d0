#pragma once

#include <openssl/evp.h>

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/evp_key.h"
#include "common/crypto/secret.h"

// The keys of RSABSSA-SHA384-PSS-Randomized (RFC 9474): a signer signs a message without seeing it,
// and the finished signature is plain RSA-PSS over `prefix ‖ message`. Both classes are immutable,
// cheap to copy and thread-safe. They abort when OpenSSL fails with valid keys (out of memory).

namespace veche::blind_rsa {

inline constexpr int kKeyBits = 3072;
inline constexpr int kAnyBits = 0;          // any modulus of 2048..8192 bits
inline constexpr size_t kPrefixBytes = 32;  // random, part of the signed message, published
inline constexpr size_t kSaltBytes = 48;

class PublicKey {
 public:
  // Parses a SubjectPublicKeyInfo in DER. InvalidArgument unless it is an RSA key of type
  // rsaEncryption (not RSASSA-PSS) with e = 65537 and a modulus of exactly `bits` bits (or of any
  // size, kAnyBits), in the one encoding that ToSpki writes, with nothing behind it.
  static absl::StatusOr<PublicKey> FromSpki(absl::string_view der, int bits = kKeyBits);
  std::string ToSpki() const;

  // The size of blinded messages and of signatures: 384 for kKeyBits.
  size_t modulus_bytes() const;

  // Whether `signature` is one over `prefix ‖ message`: RSA-PSS with SHA-384, MGF1 with SHA-384 and
  // a salt of exactly 48 bytes. False for every other length of prefix or signature.
  bool Verify(absl::string_view message, absl::string_view prefix,
              absl::string_view signature) const;

  // For the client's side of the protocol and for calls of OpenSSL.
  const EVP_PKEY& evp_key() const;

 private:
  friend class PrivateKey;
  struct State;
  explicit PublicKey(std::shared_ptr<const State> state);

  std::shared_ptr<const State> state_;
};

// The memory of the key is overwritten when its last copy is destroyed.
class PrivateKey {
 public:
  // A new key of kKeyBits, e = 65537, type rsaEncryption. Takes about 0.3 s.
  static PrivateKey Generate();
  // Parses an unencrypted PKCS#8 PrivateKeyInfo in DER. InvalidArgument unless its public half is
  // one that PublicKey::FromSpki takes. Does not search for faults in the key: BlindSign notices
  // them.
  static absl::StatusOr<PrivateKey> FromPkcs8(absl::string_view der, int bits = kKeyBits);
  // For sealing by the caller.
  crypto::Secret ToPkcs8() const;

  const PublicKey& public_key() const;

  // The private operation on a blinded message: blinded^d mod n, of modulus_bytes().
  // InvalidArgument unless `blinded` has modulus_bytes() and is a number in 2..n-2; Internal when
  // the result, checked with the public key, is wrong (a fault of the machine or of the key, which
  // must not be given away: it can reveal the key).
  absl::StatusOr<std::string> BlindSign(absl::string_view blinded) const;

 private:
  struct State;
  explicit PrivateKey(std::shared_ptr<const State> state);

  std::shared_ptr<const State> state_;
};

}  // namespace veche::blind_rsa
