#include "common/blind_rsa/client.h"

#include <openssl/core_names.h>
#include <openssl/rand.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/blind_rsa/bignum.h"
#include "common/blind_rsa/blinding.h"

namespace veche::blind_rsa {
namespace {

std::string RandomBytes(size_t size) {
  std::string bytes(size, '\0');
  Require(RAND_priv_bytes(Unsigned(bytes), static_cast<int>(size)) == 1);
  return bytes;
}

// Uniform in 1..n-1.
std::string RandomNumber(const PublicKey& key) {
  const Bignum n = KeyNumber(key.evp_key(), OSSL_PKEY_PARAM_RSA_N);
  const Bignum number = MakeBignum();
  do {
    Require(BN_priv_rand_range(number.get(), n.get()) == 1);
  } while (BN_is_zero(number.get()));
  return BignumToBytes(*number, key.modulus_bytes());
}

}  // namespace

Prepared Prepare(absl::string_view message) {
  return {RandomBytes(kPrefixBytes), std::string(message)};
}

absl::StatusOr<Blinding> Blind(const PublicKey& key, const Prepared& prepared) {
  if (prepared.prefix.size() != kPrefixBytes) {
    return absl::InvalidArgumentError("the prefix of a message has 32 bytes");
  }
  const crypto::Secret r(RandomNumber(key));
  return internal::BlindWith(key, absl::StrCat(prepared.prefix, prepared.message),
                             RandomBytes(kSaltBytes), r.view());
}

absl::StatusOr<std::string> Finalize(const PublicKey& key, const Prepared& prepared,
                                     absl::string_view blind_signature, absl::string_view inverse) {
  if (blind_signature.size() != key.modulus_bytes() || inverse.size() != key.modulus_bytes()) {
    return absl::InvalidArgumentError("a blind signature and its inverse are as long as the key");
  }
  std::string signature = internal::Unblind(key, blind_signature, inverse);
  if (!key.Verify(prepared.message, prepared.prefix, signature)) {
    return absl::InvalidArgumentError("the signer's answer gives no valid signature");
  }
  return signature;
}

}  // namespace veche::blind_rsa
