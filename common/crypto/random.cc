#include "common/crypto/random.h"

#include <openssl/rand.h>

#include <cstdlib>

namespace veche::crypto {

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
    std::abort();
  }
  return bytes;
}

std::string RandomDigits(size_t count) {
  std::string digits;
  while (digits.size() < count) {
    const unsigned char byte = static_cast<unsigned char>(RandomBytes(1)[0]);
    // 250 and above would make the first six digits likelier.
    if (byte < 250) digits.push_back(static_cast<char>('0' + byte % 10));
  }
  return digits;
}

}  // namespace veche::crypto
