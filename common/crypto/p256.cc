#include "common/crypto/p256.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstdlib>
#include <memory>

namespace veche::crypto {
namespace {

constexpr char kUncompressed = 0x04;
constexpr int kHalfBytes = 32;
constexpr size_t kSecretBytes = 32;

template <auto kFree>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// OpenSSL takes non-const pointers even to keys that it only reads.
EVP_PKEY* Mutable(const EVP_PKEY& key) { return const_cast<EVP_PKEY*>(&key); }

void Require(bool ok) {
  if (!ok) std::abort();
}

// Keeps OpenSSL from asking for a pass phrase on the terminal.
int NoPassPhrase(char*, int, int, void*) { return 0; }

// A key that names the curve alone; P256FromPoint copies the curve from it, which is faster than
// OpenSSL's decoders.
const EVP_PKEY& Curve() {
  static const EVP_PKEY* const curve = GenerateP256().release();
  return *curve;
}

bool IsP256(EVP_PKEY& key) {
  char group[32] = {};
  return EVP_PKEY_get_id(&key) == EVP_PKEY_EC &&
         EVP_PKEY_get_group_name(&key, group, sizeof(group), nullptr) == 1 &&
         absl::string_view(group) == "prime256v1";
}

}  // namespace

EvpKey GenerateP256() {
  EvpKey key(EVP_EC_gen("P-256"));
  Require(key != nullptr);
  return key;
}

absl::StatusOr<EvpKey> P256FromPem(absl::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  EvpKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassPhrase, nullptr));
  ERR_clear_error();
  if (key == nullptr || !IsP256(*key)) {
    return absl::InvalidArgumentError("no P-256 private key in PEM");
  }
  return key;
}

std::string P256ToPem(const EVP_PKEY& key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  Require(PEM_write_bio_PKCS8PrivateKey(bio.get(), Mutable(key), nullptr, nullptr, 0, nullptr,
                                        nullptr) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

EvpKey P256FromPoint(absl::string_view point) {
  if (point.size() != kP256PointBytes || point[0] != kUncompressed) return nullptr;
  EvpKey key(EVP_PKEY_new());
  Require(key != nullptr && EVP_PKEY_copy_parameters(key.get(), &Curve()) == 1);
  if (EVP_PKEY_set1_encoded_public_key(key.get(), Bytes(point), point.size()) == 1) return key;
  ERR_clear_error();
  return nullptr;
}

std::string P256Point(const EVP_PKEY& key) {
  unsigned char* bytes = nullptr;
  const size_t size = EVP_PKEY_get1_encoded_public_key(Mutable(key), &bytes);
  Require(size == kP256PointBytes);
  std::string point(reinterpret_cast<const char*>(bytes), size);
  OPENSSL_free(bytes);
  return point;
}

std::string P256SharedSecret(EVP_PKEY& own, EVP_PKEY& peer) {
  const KeyContext context(EVP_PKEY_CTX_new(&own, nullptr));
  std::string secret(kSecretBytes, '\0');
  size_t size = secret.size();
  // P256FromPoint has checked the peer's point.
  Require(context != nullptr && EVP_PKEY_derive_init(context.get()) == 1 &&
          EVP_PKEY_derive_set_peer_ex(context.get(), &peer, /*validate_peer=*/0) == 1 &&
          EVP_PKEY_derive(context.get(), Bytes(secret), &size) == 1 && size == kSecretBytes);
  return secret;
}

std::string SignEs256(EVP_PKEY& key, absl::string_view text) {
  const DigestContext context(EVP_MD_CTX_new());
  size_t size = 0;
  Require(context != nullptr &&
          EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, &key) == 1 &&
          EVP_DigestSign(context.get(), nullptr, &size, Bytes(text), text.size()) == 1);
  std::string der(size, '\0');
  Require(EVP_DigestSign(context.get(), Bytes(der), &size, Bytes(text), text.size()) == 1);
  const unsigned char* in = Bytes(absl::string_view(der));
  const EcdsaSignature parsed(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(size)));
  Require(parsed != nullptr);
  std::string signature(size_t{2} * kHalfBytes, '\0');
  unsigned char* out = Bytes(signature);
  Require(BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), out, kHalfBytes) == kHalfBytes &&
          BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), out + kHalfBytes, kHalfBytes) == kHalfBytes);
  return signature;
}

bool VerifyEs256(EVP_PKEY& key, absl::string_view text, absl::string_view signature) {
  if (signature.size() != size_t{2} * kHalfBytes) return false;
  const EcdsaSignature parsed(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(Bytes(signature), kHalfBytes, nullptr);
  BIGNUM* s = BN_bin2bn(Bytes(signature) + kHalfBytes, kHalfBytes, nullptr);
  Require(parsed != nullptr && r != nullptr && s != nullptr &&
          ECDSA_SIG_set0(parsed.get(), r, s) == 1);
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(parsed.get(), &der);
  const DigestContext context(EVP_MD_CTX_new());
  Require(size > 0 && context != nullptr &&
          EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, &key) == 1);
  const int verified =
      EVP_DigestVerify(context.get(), der, static_cast<size_t>(size), Bytes(text), text.size());
  OPENSSL_free(der);
  if (verified != 1) ERR_clear_error();
  return verified == 1;
}

}  // namespace veche::crypto
