#include "common/blind_rsa/bignum.h"

#include <cstdlib>

namespace veche::blind_rsa {

void Require(bool ok) {
  if (!ok) std::abort();
}

Bignum MakeBignum() {
  Bignum number(BN_new());
  Require(number != nullptr);
  return number;
}

BignumContext MakeBignumContext() {
  BignumContext context(BN_CTX_new());
  Require(context != nullptr);
  return context;
}

Bignum BignumFromBytes(absl::string_view bytes) {
  Bignum number(BN_bin2bn(Unsigned(bytes), static_cast<int>(bytes.size()), nullptr));
  Require(number != nullptr);
  return number;
}

std::string BignumToBytes(const BIGNUM& number, size_t bytes) {
  std::string text(bytes, '\0');
  Require(BN_bn2binpad(&number, Unsigned(text), static_cast<int>(bytes)) >= 0);
  return text;
}

Bignum KeyNumber(const EVP_PKEY& key, const char* name) {
  BIGNUM* number = nullptr;
  Require(EVP_PKEY_get_bn_param(&key, name, &number) == 1);
  return Bignum(number);
}

}  // namespace veche::blind_rsa
