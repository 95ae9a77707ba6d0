#include "services/polling/protocol/voter_key.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "services/polling/protocol/ballot.h"

namespace veche::polling::protocol {
namespace {

// Everything of the SubjectPublicKeyInfo before the point: id-ecPublicKey, prime256v1.
constexpr unsigned char kHeader[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                     0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                     0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};
constexpr unsigned char kUncompressed = 0x04;
constexpr int kHalfBytes = kBallotSignatureBytes / 2;

struct DigestContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, DigestContextDeleter>;
struct SignatureDeleter {
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
struct PrivateKeyInfoDeleter {
  void operator()(PKCS8_PRIV_KEY_INFO* info) const { PKCS8_PRIV_KEY_INFO_free(info); }
};
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, SignatureDeleter>;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// Fails only when memory is exhausted or OpenSSL is broken.
void Require(bool ok) {
  if (!ok) std::abort();
}

// A key that names the curve alone; ParseVoterKey copies the curve from it, which is faster than
// OpenSSL's decoders of SubjectPublicKeyInfo.
const EVP_PKEY& Curve() {
  static const EVP_PKEY* const curve = GenerateVoterKey().release();
  return *curve;
}

// The DER form that OpenSSL verifies; "" when `signature` has another length than r ‖ s.
std::string ToDer(absl::string_view signature) {
  if (signature.size() != kBallotSignatureBytes) return "";
  const EcdsaSignature parsed(ECDSA_SIG_new());
  Require(parsed != nullptr);
  BIGNUM* r = BN_bin2bn(Bytes(signature), kHalfBytes, nullptr);
  BIGNUM* s = BN_bin2bn(Bytes(signature) + kHalfBytes, kHalfBytes, nullptr);
  Require(r != nullptr && s != nullptr && ECDSA_SIG_set0(parsed.get(), r, s) == 1);
  std::string der(static_cast<size_t>(i2d_ECDSA_SIG(parsed.get(), nullptr)), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  Require(i2d_ECDSA_SIG(parsed.get(), &out) > 0);
  return der;
}

}  // namespace

absl::StatusOr<crypto::EvpKey> ParseVoterKey(absl::string_view spki) {
  const absl::string_view header(reinterpret_cast<const char*>(kHeader), sizeof(kHeader));
  if (spki.size() != kVoterKeyBytes || !absl::StartsWith(spki, header) ||
      Bytes(spki)[sizeof(kHeader)] != kUncompressed) {
    return absl::InvalidArgumentError(
        "must be the SubjectPublicKeyInfo of a P-256 key with an uncompressed point");
  }
  const absl::string_view point = spki.substr(sizeof(kHeader));
  crypto::EvpKey key(EVP_PKEY_new());
  Require(key != nullptr && EVP_PKEY_copy_parameters(key.get(), &Curve()) == 1);
  if (EVP_PKEY_set1_encoded_public_key(key.get(), Bytes(point), point.size()) != 1) {
    ERR_clear_error();
    return absl::InvalidArgumentError("must be a point of the curve P-256");
  }
  return key;
}

bool VerifyVoterSignature(EVP_PKEY& key, absl::string_view text, absl::string_view signature) {
  const std::string der = ToDer(signature);
  if (der.empty()) return false;
  const DigestContext context(EVP_MD_CTX_new());
  Require(context != nullptr &&
          EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, &key) == 1);
  const int verified =
      EVP_DigestVerify(context.get(), Bytes(der), der.size(), Bytes(text), text.size());
  if (verified != 1) ERR_clear_error();
  return verified == 1;
}

crypto::EvpKey GenerateVoterKey() {
  crypto::EvpKey key(EVP_EC_gen("P-256"));
  Require(key != nullptr);
  return key;
}

std::string VoterPublicKey(const EVP_PKEY& key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(const_cast<EVP_PKEY*>(&key), &der);
  Require(size == static_cast<int>(kVoterKeyBytes));
  std::string bytes(reinterpret_cast<const char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

std::string SignAsVoter(EVP_PKEY& key, absl::string_view text) {
  const DigestContext context(EVP_MD_CTX_new());
  size_t size = 0;
  Require(context != nullptr &&
          EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, &key) == 1 &&
          EVP_DigestSign(context.get(), nullptr, &size, Bytes(text), text.size()) == 1);
  std::string der(size, '\0');
  Require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(der.data()), &size,
                         Bytes(text), text.size()) == 1);
  const unsigned char* in = Bytes(der);
  const EcdsaSignature parsed(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(size)));
  Require(parsed != nullptr);
  std::string signature(kBallotSignatureBytes, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  Require(BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), out, kHalfBytes) == kHalfBytes &&
          BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), out + kHalfBytes, kHalfBytes) == kHalfBytes);
  return signature;
}

std::string VoterKeyToPkcs8(const EVP_PKEY& key) {
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, PrivateKeyInfoDeleter> info(EVP_PKEY2PKCS8(&key));
  Require(info != nullptr);
  unsigned char* der = nullptr;
  const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
  Require(size > 0);
  std::string bytes(reinterpret_cast<const char*>(der), static_cast<size_t>(size));
  OPENSSL_clear_free(der, static_cast<size_t>(size));
  return bytes;
}

absl::StatusOr<crypto::EvpKey> VoterKeyFromPkcs8(absl::string_view der) {
  const unsigned char* in = Bytes(der);
  crypto::EvpKey key(d2i_AutoPrivateKey(nullptr, &in, static_cast<long>(der.size())));
  ERR_clear_error();
  if (key == nullptr || EVP_PKEY_get_id(key.get()) != EVP_PKEY_EC ||
      EVP_PKEY_parameters_eq(key.get(), &Curve()) != 1) {
    return absl::InvalidArgumentError("must be a P-256 private key in PKCS#8");
  }
  return key;
}

}  // namespace veche::polling::protocol
