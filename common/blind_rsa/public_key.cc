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

constexpr BN_ULONG kExponent = 65537;
constexpr int kMinBits = 2048;
constexpr int kMaxBits = 8192;
constexpr size_t kMaxSpkiBytes = 2048;
constexpr size_t kDigestBytes = 48;

EvpContext VerifyContext(EVP_PKEY* key, const EVP_MD* digest) {
  EvpContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  EVP_PKEY_CTX* raw = context.get();
  Require(EVP_PKEY_verify_init(raw) == 1 &&
          EVP_PKEY_CTX_set_rsa_padding(raw, RSA_PKCS1_PSS_PADDING) == 1 &&
          EVP_PKEY_CTX_set_signature_md(raw, digest) == 1 &&
          EVP_PKEY_CTX_set_rsa_mgf1_md(raw, digest) == 1 &&
          EVP_PKEY_CTX_set_rsa_pss_saltlen(raw, static_cast<int>(kSaltBytes)) == 1);
  return context;
}

EvpContext PowerContext(EVP_PKEY* key) {
  EvpContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  Require(EVP_PKEY_verify_recover_init(context.get()) == 1 &&
          EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1);
  return context;
}

absl::Status CheckNumbers(const EVP_PKEY& key, int bits) {
  const Bignum n = KeyNumber(key, OSSL_PKEY_PARAM_RSA_N);
  const Bignum e = KeyNumber(key, OSSL_PKEY_PARAM_RSA_E);
  const int size = BN_num_bits(n.get());
  if (bits == kAnyBits ? size < kMinBits || size > kMaxBits : size != bits) {
    return absl::InvalidArgumentError(absl::StrCat("RSA key of ", size, " bits"));
  }
  if (!BN_is_odd(n.get())) return absl::InvalidArgumentError("RSA modulus is even");
  if (!BN_is_word(e.get(), kExponent)) {
    return absl::InvalidArgumentError("RSA exponent is not 65537");
  }
  return absl::OkStatus();
}

}  // namespace

PublicKey::State::State(crypto::EvpKey evp_key)
    : key(std::move(evp_key)),
      digest(EVP_MD_fetch(nullptr, "SHA384", nullptr)),
      verify(VerifyContext(key.get(), digest.get())),
      power(PowerContext(key.get())),
      modulus_bytes(static_cast<size_t>(EVP_PKEY_get_size(key.get()))) {}

PublicKey::PublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}

absl::StatusOr<PublicKey> PublicKey::FromSpki(absl::string_view der, int bits) {
  if (der.size() > kMaxSpkiBytes) return absl::InvalidArgumentError("too long for an RSA key");
  const unsigned char* data = Unsigned(der);
  crypto::EvpKey key(d2i_PUBKEY(nullptr, &data, static_cast<long>(der.size())));
  ERR_clear_error();
  if (key == nullptr || !EVP_PKEY_is_a(key.get(), "RSA")) {
    return absl::InvalidArgumentError("no rsaEncryption key in SubjectPublicKeyInfo DER");
  }
  RETURN_IF_ERROR(CheckNumbers(*key, bits));
  PublicKey parsed(std::make_shared<State>(std::move(key)));
  if (parsed.ToSpki() != der) {
    return absl::InvalidArgumentError("SubjectPublicKeyInfo is not in the canonical encoding");
  }
  return parsed;
}

std::string PublicKey::ToSpki() const {
  unsigned char* data = nullptr;
  const int size = i2d_PUBKEY(state_->key.get(), &data);
  Require(size > 0);
  std::string der(reinterpret_cast<const char*>(data), static_cast<size_t>(size));
  OPENSSL_free(data);
  return der;
}

size_t PublicKey::modulus_bytes() const { return state_->modulus_bytes; }

const EVP_PKEY& PublicKey::evp_key() const { return *state_->key; }

bool PublicKey::Verify(absl::string_view message, absl::string_view prefix,
                       absl::string_view signature) const {
  if (prefix.size() != kPrefixBytes || signature.size() != modulus_bytes()) return false;
  const std::string input = absl::StrCat(prefix, message);
  std::string digest(kDigestBytes, '\0');
  Require(EVP_Digest(input.data(), input.size(), Unsigned(digest), nullptr, state_->digest.get(),
                     nullptr) == 1);
  const EvpContext context = Duplicate(*state_->verify);
  const bool ok = EVP_PKEY_verify(context.get(), Unsigned(signature), signature.size(),
                                  Unsigned(digest), digest.size()) == 1;
  if (!ok) ERR_clear_error();
  return ok;
}

}  // namespace veche::blind_rsa
