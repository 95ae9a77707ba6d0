#pragma once

#include <cstddef>
#include <string>

// Secret random values of OpenSSL's generator. Thread-safe. Abort when it has none.

namespace veche::crypto {

std::string RandomBytes(size_t count);
// `count` decimal digits, each equally likely.
std::string RandomDigits(size_t count);

}  // namespace veche::crypto
