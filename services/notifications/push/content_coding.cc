#include "services/notifications/push/content_coding.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "absl/strings/str_cat.h"

namespace veche::notifications {
namespace {

constexpr size_t kKeyBytes = 16;
constexpr size_t kNonceBytes = 12;
constexpr char kMore = 0x01;  // delimiters at the end of a record's text
constexpr char kLast = 0x02;

using KdfContext = std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

void Require(bool done) {
  if (!done) std::abort();
}

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

OSSL_PARAM Parameter(const char* name, absl::string_view bytes) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(bytes.data()), bytes.size());
}

std::string BigEndian(uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(number >> shift));
  return bytes;
}

// The nonce of a record: the number of the record, added to the last bytes of `base` by XOR.
std::string NonceOf(const std::string& base, uint32_t record) {
  std::string nonce = base;
  const std::string number = BigEndian(record);
  for (size_t i = 0; i < number.size(); ++i) nonce[kNonceBytes - number.size() + i] ^= number[i];
  return nonce;
}

// Appends ciphertext and tag.
void AppendSealed(absl::string_view key, absl::string_view nonce, absl::string_view text,
                  std::string& out) {
  const CipherContext cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  const size_t begin = out.size();
  out.resize(begin + text.size() + kCodingTagBytes);
  auto* bytes = reinterpret_cast<unsigned char*>(&out[begin]);
  int size = 0;
  Require(
      cipher != nullptr &&
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_gcm(), nullptr, Bytes(key), Bytes(nonce)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), bytes, &size, Bytes(text), static_cast<int>(text.size())) ==
          1 &&
      EVP_EncryptFinal_ex(cipher.get(), bytes + size, &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kCodingTagBytes,
                          bytes + text.size()) == 1);
}

}  // namespace

std::string Hkdf(absl::string_view salt, absl::string_view key, absl::string_view info,
                 size_t size) {
  // Fetched once, because OpenSSL searches its providers each time.
  static EVP_KDF* const hkdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      Parameter(OSSL_KDF_PARAM_SALT, salt), Parameter(OSSL_KDF_PARAM_KEY, key),
      Parameter(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  const KdfContext context(EVP_KDF_CTX_new(hkdf), &EVP_KDF_CTX_free);
  std::string bytes(size, '\0');
  Require(context != nullptr &&
          EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(bytes.data()), size,
                         parameters) == 1);
  return bytes;
}

std::string EncodeAes128Gcm(absl::string_view key, absl::string_view text,
                            const CodingOptions& options) {
  const size_t room = options.record_size - kCodingTagBytes - 1;  // for text and padding
  Require(options.salt.size() == kCodingSaltBytes && options.record_size > kCodingTagBytes + 1 &&
          options.key_id.size() < 256);
  constexpr absl::string_view kKeyInfo("Content-Encoding: aes128gcm\0", 28);
  constexpr absl::string_view kNonceInfo("Content-Encoding: nonce\0", 24);
  const std::string content_key = Hkdf(options.salt, key, kKeyInfo, kKeyBytes);
  const std::string nonce = Hkdf(options.salt, key, kNonceInfo, kNonceBytes);
  std::string out = absl::StrCat(options.salt, BigEndian(options.record_size));
  out.push_back(static_cast<char>(options.key_id.size()));
  out += options.key_id;
  size_t padding = options.padding;
  for (uint32_t record = 0;; ++record) {
    // A record that is not the last must be full.
    const size_t padded = std::min(padding, room);
    const absl::string_view part = text.substr(0, room - padded);
    text.remove_prefix(part.size());
    padding -= padded;
    const bool last = text.empty() && padding == 0;
    AppendSealed(
        content_key, NonceOf(nonce, record),
        absl::StrCat(part, std::string(1, last ? kLast : kMore), std::string(padded, '\0')), out);
    if (last) return out;
  }
}

}  // namespace veche::notifications
