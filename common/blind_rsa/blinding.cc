#include "common/blind_rsa/blinding.h"

#include <openssl/core_names.h>
#include <openssl/err.h>

#include "absl/status/status.h"
#include "common/blind_rsa/bignum.h"
#include "common/blind_rsa/pss.h"

namespace veche::blind_rsa::internal {

absl::StatusOr<Blinding> BlindWith(const PublicKey& key, absl::string_view input,
                                   absl::string_view salt, absl::string_view r) {
  const BignumContext context = MakeBignumContext();
  const Bignum n = KeyNumber(key.evp_key(), OSSL_PKEY_PARAM_RSA_N);
  const Bignum e = KeyNumber(key.evp_key(), OSSL_PKEY_PARAM_RSA_E);
  const Bignum message = BignumFromBytes(PssEncode(input, salt, BN_num_bits(n.get())));
  const Bignum factor = MakeBignum();
  Require(BN_gcd(factor.get(), message.get(), n.get(), context.get()) == 1);
  if (!BN_is_one(factor.get())) {
    return absl::InvalidArgumentError("the message shares a factor with the modulus");
  }

  const Bignum blind = BignumFromBytes(r);
  BN_set_flags(blind.get(), BN_FLG_CONSTTIME);
  const Bignum inverse = MakeBignum();
  if (BN_mod_inverse(inverse.get(), blind.get(), n.get(), context.get()) == nullptr) {
    ERR_clear_error();
    return absl::InvalidArgumentError("the blinding number has no inverse");
  }
  const Bignum blinded = MakeBignum();
  Require(BN_mod_exp(blinded.get(), blind.get(), e.get(), n.get(), context.get()) == 1 &&
          BN_mod_mul(blinded.get(), blinded.get(), message.get(), n.get(), context.get()) == 1);
  const size_t bytes = key.modulus_bytes();
  return Blinding{BignumToBytes(*blinded, bytes), BignumToBytes(*inverse, bytes)};
}

std::string Unblind(const PublicKey& key, absl::string_view blind_signature,
                    absl::string_view inverse) {
  const BignumContext context = MakeBignumContext();
  const Bignum n = KeyNumber(key.evp_key(), OSSL_PKEY_PARAM_RSA_N);
  const Bignum answer = BignumFromBytes(blind_signature);
  const Bignum unblind = BignumFromBytes(inverse);
  const Bignum signature = MakeBignum();
  Require(BN_mod_mul(signature.get(), answer.get(), unblind.get(), n.get(), context.get()) == 1);
  return BignumToBytes(*signature, key.modulus_bytes());
}

}  // namespace veche::blind_rsa::internal
