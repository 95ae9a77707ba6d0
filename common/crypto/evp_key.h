#pragma once

#include <openssl/evp.h>

#include <memory>

namespace veche::crypto {

struct EvpKeyDeleter {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using EvpKey = std::unique_ptr<EVP_PKEY, EvpKeyDeleter>;

}  // namespace veche::crypto
