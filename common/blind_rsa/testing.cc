#include "common/blind_rsa/testing.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <simdjson.h>

#include <cstdlib>
#include <memory>

#include "absl/cleanup/cleanup.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/blind_rsa/bignum.h"

namespace veche::blind_rsa::testing {
namespace {

std::string Field(const simdjson::dom::element& vector, const char* name) {
  const std::string hex(std::string_view(vector[name]));
  return absl::HexStringToBytes(absl::StripPrefix(hex, "0x"));
}

// Builds a key from named numbers.
crypto::EvpKey KeyOf(const std::vector<std::pair<const char*, const BIGNUM*>>& numbers,
                     int selection, const char* type = "RSA") {
  OSSL_PARAM_BLD* builder = OSSL_PARAM_BLD_new();
  for (const auto& [name, number] : numbers) {
    Require(OSSL_PARAM_BLD_push_BN(builder, name, number) == 1);
  }
  OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(builder);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr);
  const absl::Cleanup release = [&] {
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
  };
  EVP_PKEY* key = nullptr;
  Require(EVP_PKEY_fromdata_init(context) == 1 &&
          EVP_PKEY_fromdata(context, &key, selection, parameters) == 1);
  return crypto::EvpKey(key);
}

// d mod (prime - 1).
Bignum CrtExponent(const BIGNUM& d, const BIGNUM& prime) {
  const BignumContext context = MakeBignumContext();
  Bignum less = MakeBignum();
  Bignum exponent = MakeBignum();
  Require(BN_sub(less.get(), &prime, BN_value_one()) == 1 &&
          BN_mod(exponent.get(), &d, less.get(), context.get()) == 1);
  return exponent;
}

Bignum Inverse(const BIGNUM& number, const BIGNUM& modulus) {
  const BignumContext context = MakeBignumContext();
  Bignum inverse = MakeBignum();
  Require(BN_mod_inverse(inverse.get(), &number, &modulus, context.get()) != nullptr);
  return inverse;
}

std::string Sign(const PrivateKey& key, absl::string_view text,
                 absl::FunctionRef<void(EVP_PKEY_CTX*)> set_padding) {
  const crypto::Secret pkcs8 = key.ToPkcs8();
  const unsigned char* data = Unsigned(pkcs8.view());
  const crypto::EvpKey evp(
      d2i_AutoPrivateKey(nullptr, &data, static_cast<long>(pkcs8.view().size())));
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const absl::Cleanup release = [context] { EVP_MD_CTX_free(context); };
  EVP_PKEY_CTX* padding = nullptr;
  Require(EVP_DigestSignInit(context, &padding, EVP_sha384(), nullptr, evp.get()) == 1);
  set_padding(padding);
  std::string signature(key.public_key().modulus_bytes(), '\0');
  size_t size = signature.size();
  Require(EVP_DigestSign(context, Unsigned(signature), &size, Unsigned(text), text.size()) == 1);
  return signature;
}

}  // namespace

std::vector<Vector> Rfc9474Vectors() {
  const char* root = std::getenv("VECHE_SOURCE_DIR");
  Require(root != nullptr);
  simdjson::dom::parser parser;
  std::vector<Vector> vectors;
  const simdjson::dom::array array =
      parser.load(absl::StrCat(root, "/common/blind_rsa/testdata/rfc9474.json"));
  for (const simdjson::dom::element vector : array) {
    vectors.push_back({
        .name = std::string(std::string_view(vector["name"])),
        .p = Field(vector, "p"),
        .q = Field(vector, "q"),
        .n = Field(vector, "n"),
        .e = Field(vector, "e"),
        .d = Field(vector, "d"),
        .message = Field(vector, "msg"),
        .prefix = Field(vector, "msg_prefix"),
        .input = Field(vector, "input_msg"),
        .salt = Field(vector, "salt"),
        .inverse = Field(vector, "inv"),
        .blinded = Field(vector, "blinded_msg"),
        .blind_signature = Field(vector, "blind_sig"),
        .signature = Field(vector, "sig"),
    });
  }
  return vectors;
}

std::string Pkcs8Of(absl::string_view n, absl::string_view e, absl::string_view d,
                    absl::string_view p, absl::string_view q) {
  const Bignum modulus = BignumFromBytes(n);
  const Bignum exponent = BignumFromBytes(e);
  const Bignum secret = BignumFromBytes(d);
  const Bignum prime1 = BignumFromBytes(p);
  const Bignum prime2 = BignumFromBytes(q);
  const Bignum exponent1 = CrtExponent(*secret, *prime1);
  const Bignum exponent2 = CrtExponent(*secret, *prime2);
  const Bignum coefficient = Inverse(*prime2, *prime1);
  const crypto::EvpKey key = KeyOf({{OSSL_PKEY_PARAM_RSA_N, modulus.get()},
                                    {OSSL_PKEY_PARAM_RSA_E, exponent.get()},
                                    {OSSL_PKEY_PARAM_RSA_D, secret.get()},
                                    {OSSL_PKEY_PARAM_RSA_FACTOR1, prime1.get()},
                                    {OSSL_PKEY_PARAM_RSA_FACTOR2, prime2.get()},
                                    {OSSL_PKEY_PARAM_RSA_EXPONENT1, exponent1.get()},
                                    {OSSL_PKEY_PARAM_RSA_EXPONENT2, exponent2.get()},
                                    {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, coefficient.get()}},
                                   EVP_PKEY_KEYPAIR);
  PKCS8_PRIV_KEY_INFO* info = EVP_PKEY2PKCS8(key.get());
  unsigned char* data = nullptr;
  const int size = i2d_PKCS8_PRIV_KEY_INFO(info, &data);
  Require(size > 0);
  const std::string der(reinterpret_cast<const char*>(data), static_cast<size_t>(size));
  OPENSSL_free(data);
  PKCS8_PRIV_KEY_INFO_free(info);
  return der;
}

std::string SpkiOf(absl::string_view n, absl::string_view e, const char* type) {
  const Bignum modulus = BignumFromBytes(n);
  const Bignum exponent = BignumFromBytes(e);
  const crypto::EvpKey key =
      KeyOf({{OSSL_PKEY_PARAM_RSA_N, modulus.get()}, {OSSL_PKEY_PARAM_RSA_E, exponent.get()}},
            EVP_PKEY_PUBLIC_KEY, type);
  unsigned char* data = nullptr;
  const int size = i2d_PUBKEY(key.get(), &data);
  Require(size > 0);
  const std::string der(reinterpret_cast<const char*>(data), static_cast<size_t>(size));
  OPENSSL_free(data);
  return der;
}

std::string PssSign(const PrivateKey& key, absl::string_view text, int salt_bytes) {
  return Sign(key, text, [salt_bytes](EVP_PKEY_CTX* padding) {
    Require(EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) == 1 &&
            EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, salt_bytes) == 1);
  });
}

std::string Pkcs1Sign(const PrivateKey& key, absl::string_view text) {
  return Sign(key, text, [](EVP_PKEY_CTX* padding) {
    Require(EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PADDING) == 1);
  });
}

std::string Plus(absl::string_view number, int difference) {
  const Bignum sum = BignumFromBytes(number);
  Require(difference < 0 ? BN_sub_word(sum.get(), static_cast<BN_ULONG>(-difference)) == 1
                         : BN_add_word(sum.get(), static_cast<BN_ULONG>(difference)) == 1);
  return BignumToBytes(*sum, number.size());
}

std::string ModulusOf(const PublicKey& key) {
  return BignumToBytes(*KeyNumber(key.evp_key(), OSSL_PKEY_PARAM_RSA_N), key.modulus_bytes());
}

std::string InverseOf(absl::string_view r, absl::string_view n) {
  return BignumToBytes(*Inverse(*BignumFromBytes(r), *BignumFromBytes(n)), n.size());
}

}  // namespace veche::blind_rsa::testing
