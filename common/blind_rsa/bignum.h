#pragma once

#include <openssl/bn.h>
#include <openssl/evp.h>

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

// Owners of OpenSSL's numbers. Private to blind_rsa.

namespace veche::blind_rsa {

struct BignumDeleter {
  void operator()(BIGNUM* number) const { BN_clear_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using Bignum = std::unique_ptr<BIGNUM, BignumDeleter>;
using BignumContext = std::unique_ptr<BN_CTX, BignumDeleter>;

// Ends the process when OpenSSL fails although its input is valid: no memory, no random numbers.
void Require(bool ok);

Bignum MakeBignum();
BignumContext MakeBignumContext();
// Big-endian.
Bignum BignumFromBytes(absl::string_view bytes);
// Big-endian with leading zeros. REQUIRES: the number fits.
std::string BignumToBytes(const BIGNUM& number, size_t bytes);

// A number of an RSA key: OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, ...
Bignum KeyNumber(const EVP_PKEY& key, const char* name);

inline const unsigned char* Unsigned(absl::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* Unsigned(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace veche::blind_rsa
