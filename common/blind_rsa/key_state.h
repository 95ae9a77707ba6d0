#pragma once

#include <openssl/evp.h>

#include <memory>

#include "common/blind_rsa/bignum.h"
#include "common/blind_rsa/keys.h"

// What the copies of a key share. Private to blind_rsa.

namespace veche::blind_rsa {

struct EvpDeleter {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};
using EvpContext = std::unique_ptr<EVP_PKEY_CTX, EvpDeleter>;
using EvpDigest = std::unique_ptr<EVP_MD, EvpDeleter>;

// A context for one operation of one thread. Making one anew takes longer: OpenSSL looks up the
// algorithms by name.
inline EvpContext Duplicate(const EVP_PKEY_CTX& context) {
  EvpContext copy(EVP_PKEY_CTX_dup(&context));
  Require(copy != nullptr);
  return copy;
}

struct PublicKey::State {
  explicit State(crypto::EvpKey evp_key);

  crypto::EvpKey key;
  EvpDigest digest;   // SHA-384
  EvpContext verify;  // set up for PSS; duplicated for each use, like `power`
  EvpContext power;   // x^e mod n
  size_t modulus_bytes;
};

struct PrivateKey::State {
  State(crypto::EvpKey evp_key, PublicKey public_half);

  crypto::EvpKey key;
  PublicKey public_key;
  EvpContext sign;  // x^d mod n; duplicated for each use
  Bignum largest;   // n - 2, the largest blinded message
};

}  // namespace veche::blind_rsa
