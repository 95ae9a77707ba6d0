#include "common/blind_rsa/pss.h"

#include <openssl/evp.h>

#include "absl/strings/str_cat.h"
#include "common/blind_rsa/bignum.h"

namespace veche::blind_rsa {
namespace {

constexpr size_t kHashBytes = 48;

std::string Sha384(absl::string_view text) {
  std::string digest(kHashBytes, '\0');
  Require(EVP_Digest(text.data(), text.size(), Unsigned(digest), nullptr, EVP_sha384(), nullptr) ==
          1);
  return digest;
}

// RFC 8017, appendix B.2.1.
std::string Mgf1(absl::string_view seed, size_t bytes) {
  std::string mask;
  for (unsigned char counter = 0; mask.size() < bytes; ++counter) {
    mask += Sha384(
        absl::StrCat(seed, std::string(3, '\0'), std::string(1, static_cast<char>(counter))));
  }
  mask.resize(bytes);
  return mask;
}

}  // namespace

std::string PssEncode(absl::string_view message, absl::string_view salt, int modulus_bits) {
  const int bits = modulus_bits - 1;
  const size_t bytes = static_cast<size_t>(bits + 7) / 8;
  const std::string hash = Sha384(absl::StrCat(std::string(8, '\0'), Sha384(message), salt));
  std::string data =
      absl::StrCat(std::string(bytes - salt.size() - kHashBytes - 2, '\0'), "\x01", salt);
  const std::string mask = Mgf1(hash, data.size());
  for (size_t i = 0; i < data.size(); ++i) data[i] ^= mask[i];
  data[0] &= 0xff >> (8 * bytes - static_cast<size_t>(bits));
  return absl::StrCat(data, hash, "\xbc");
}

}  // namespace veche::blind_rsa
