#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/blind_rsa/bignum.h"
#include "common/blind_rsa/key_state.h"
#include "common/blind_rsa/keys.h"

namespace veche::blind_rsa {
namespace {

constexpr size_t kMaxPkcs8Bytes = 8192;

struct Pkcs8Deleter {
  void operator()(PKCS8_PRIV_KEY_INFO* info) const { PKCS8_PRIV_KEY_INFO_free(info); }
};
using Pkcs8 = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Pkcs8Deleter>;

EvpContext SignContext(EVP_PKEY* key) {
  EvpContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  Require(EVP_PKEY_sign_init(context.get()) == 1 &&
          EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1);
  return context;
}

Bignum LargestMessage(const EVP_PKEY& key) {
  Bignum largest = KeyNumber(key, OSSL_PKEY_PARAM_RSA_N);
  Require(BN_sub_word(largest.get(), 2) == 1);
  return largest;
}

absl::StatusOr<PublicKey> PublicHalf(const EVP_PKEY& key, int bits) {
  unsigned char* data = nullptr;
  const int size = i2d_PUBKEY(&key, &data);
  Require(size > 0);
  const std::string der(reinterpret_cast<const char*>(data), static_cast<size_t>(size));
  OPENSSL_free(data);
  return PublicKey::FromSpki(der, bits);
}

}  // namespace

PrivateKey::State::State(crypto::EvpKey evp_key, PublicKey public_half)
    : key(std::move(evp_key)),
      public_key(std::move(public_half)),
      sign(SignContext(key.get())),
      largest(LargestMessage(*key)) {}

PrivateKey::PrivateKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}

PrivateKey PrivateKey::Generate() {
  crypto::EvpKey key(EVP_RSA_gen(kKeyBits));
  Require(key != nullptr);
  PublicKey public_key = *PublicHalf(*key, kKeyBits);
  return PrivateKey(std::make_shared<State>(std::move(key), std::move(public_key)));
}

absl::StatusOr<PrivateKey> PrivateKey::FromPkcs8(absl::string_view der, int bits) {
  if (der.size() > kMaxPkcs8Bytes) return absl::InvalidArgumentError("too long for an RSA key");
  const unsigned char* data = Unsigned(der);
  const Pkcs8 info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &data, static_cast<long>(der.size())));
  crypto::EvpKey key(info == nullptr ? nullptr : EVP_PKCS82PKEY(info.get()));
  ERR_clear_error();
  if (key == nullptr || data != Unsigned(der) + der.size() || !EVP_PKEY_is_a(key.get(), "RSA")) {
    return absl::InvalidArgumentError("no rsaEncryption private key in PKCS#8 DER");
  }
  ASSIGN_OR_RETURN(PublicKey public_key, PublicHalf(*key, bits));
  return PrivateKey(std::make_shared<State>(std::move(key), std::move(public_key)));
}

crypto::Secret PrivateKey::ToPkcs8() const {
  const Pkcs8 info(EVP_PKEY2PKCS8(state_->key.get()));
  Require(info != nullptr);
  const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), nullptr);
  Require(size > 0);
  std::string der(static_cast<size_t>(size), '\0');
  unsigned char* data = Unsigned(der);
  Require(i2d_PKCS8_PRIV_KEY_INFO(info.get(), &data) == size);
  return crypto::Secret(std::move(der));
}

const PublicKey& PrivateKey::public_key() const { return state_->public_key; }

absl::StatusOr<std::string> PrivateKey::BlindSign(absl::string_view blinded) const {
  const size_t bytes = public_key().modulus_bytes();
  if (blinded.size() != bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a blinded message has ", bytes, " bytes, not ", blinded.size()));
  }
  // 0, 1 and n - 1 sign themselves, and a number above the modulus has a second form.
  const Bignum number = BignumFromBytes(blinded);
  if (BN_is_zero(number.get()) || BN_is_one(number.get()) ||
      BN_cmp(number.get(), state_->largest.get()) > 0) {
    return absl::InvalidArgumentError("a blinded message is a number in 2..n-2");
  }

  std::string signature(bytes, '\0');
  std::string raised(bytes, '\0');
  size_t signature_size = bytes;
  size_t raised_size = bytes;
  const EvpContext sign = Duplicate(*state_->sign);
  const EvpContext power = Duplicate(*public_key().state_->power);
  const bool ok = EVP_PKEY_sign(sign.get(), Unsigned(signature), &signature_size, Unsigned(blinded),
                                bytes) == 1 &&
                  signature_size == bytes &&
                  EVP_PKEY_verify_recover(power.get(), Unsigned(raised), &raised_size,
                                          Unsigned(signature), bytes) == 1 &&
                  raised_size == bytes && raised == blinded;
  if (!ok) {
    ERR_clear_error();
    return absl::InternalError("the private operation gave a wrong result");
  }
  return signature;
}

}  // namespace veche::blind_rsa
