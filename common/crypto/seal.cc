#include "common/crypto/seal.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/crypto/random.h"

namespace veche::crypto {
namespace {

constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void Require(bool done) {
  if (!done) std::abort();
}

CipherContext NewContext() { return {EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free}; }

}  // namespace

std::string Seal(absl::string_view key, absl::string_view plain, absl::string_view context) {
  Require(key.size() == kSealKeyBytes);
  const std::string nonce = RandomBytes(kNonceBytes);
  std::string text(plain.size(), '\0');
  std::string tag(kTagBytes, '\0');
  const CipherContext cipher = NewContext();
  int size = 0;
  Require(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), Bytes(nonce)) ==
          1);
  Require(EVP_EncryptUpdate(cipher.get(), nullptr, &size, Bytes(context),
                            static_cast<int>(context.size())) == 1);
  Require(EVP_EncryptUpdate(cipher.get(), Bytes(text), &size, Bytes(plain),
                            static_cast<int>(plain.size())) == 1);
  Require(EVP_EncryptFinal_ex(cipher.get(), nullptr, &size) == 1);
  Require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1);
  return absl::StrCat(nonce, text, tag);
}

absl::StatusOr<std::string> Unseal(absl::string_view key, absl::string_view sealed,
                                   absl::string_view context) {
  const absl::Status failed = absl::DataLossError("A sealed value does not open.");
  if (key.size() != kSealKeyBytes || sealed.size() < kNonceBytes + kTagBytes) return failed;
  const absl::string_view nonce = sealed.substr(0, kNonceBytes);
  const absl::string_view text =
      sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  std::string plain(text.size(), '\0');
  const CipherContext cipher = NewContext();
  int size = 0;
  Require(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), Bytes(nonce)) ==
          1);
  Require(EVP_DecryptUpdate(cipher.get(), nullptr, &size, Bytes(context),
                            static_cast<int>(context.size())) == 1);
  Require(EVP_DecryptUpdate(cipher.get(), Bytes(plain), &size, Bytes(text),
                            static_cast<int>(text.size())) == 1);
  Require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(cipher.get(), nullptr, &size) != 1) return failed;
  return plain;
}

}  // namespace veche::crypto
