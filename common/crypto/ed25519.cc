#include "common/crypto/ed25519.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstdlib>
#include <memory>

namespace veche::crypto {
namespace {

constexpr size_t kPublicKeyBytes = 32;
constexpr size_t kSignatureBytes = 64;

struct BioDeleter {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, BioDeleter>;

struct DigestContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, DigestContextDeleter>;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// OpenSSL takes non-const pointers even to keys that it only reads.
EVP_PKEY* Mutable(const EVP_PKEY& key) { return const_cast<EVP_PKEY*>(&key); }

// Signing with a good key fails only when memory is exhausted or OpenSSL is broken.
void Require(bool ok) {
  if (!ok) std::abort();
}

// Keeps OpenSSL from asking for a pass phrase on the terminal.
int NoPassPhrase(char*, int, int, void*) { return 0; }

}  // namespace

EvpKey GenerateEd25519() {
  EvpKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  Require(key != nullptr);
  return key;
}

absl::StatusOr<EvpKey> Ed25519FromPem(absl::string_view pem) {
  Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  EvpKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassPhrase, nullptr));
  ERR_clear_error();
  if (key == nullptr || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
    return absl::InvalidArgumentError("no Ed25519 private key in PKCS#8 PEM");
  }
  return key;
}

std::string Ed25519ToPem(const EVP_PKEY& key) {
  Bio bio(BIO_new(BIO_s_mem()));
  Require(PEM_write_bio_PKCS8PrivateKey(bio.get(), Mutable(key), nullptr, nullptr, 0, nullptr,
                                        nullptr) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<size_t>(size));
}

EvpKey Ed25519FromPublic(absl::string_view bytes) {
  if (bytes.size() != kPublicKeyBytes) return nullptr;
  return EvpKey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(bytes), bytes.size()));
}

std::string Ed25519PublicBytes(const EVP_PKEY& key) {
  std::string bytes(kPublicKeyBytes, '\0');
  size_t size = bytes.size();
  Require(EVP_PKEY_get_raw_public_key(&key, reinterpret_cast<unsigned char*>(bytes.data()),
                                      &size) == 1);
  return bytes;
}

std::string Ed25519Sign(const EVP_PKEY& key, absl::string_view text) {
  DigestContext context(EVP_MD_CTX_new());
  std::string signature(kSignatureBytes, '\0');
  size_t size = signature.size();
  Require(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, Mutable(key)) == 1 &&
          EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                         Bytes(text), text.size()) == 1);
  return signature;
}

bool Ed25519Verify(const EVP_PKEY& key, absl::string_view text, absl::string_view signature) {
  if (signature.size() != kSignatureBytes) return false;
  DigestContext context(EVP_MD_CTX_new());
  const bool ok =
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, Mutable(key)) == 1 &&
      EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(text),
                       text.size()) == 1;
  if (!ok) ERR_clear_error();
  return ok;
}

}  // namespace veche::crypto
