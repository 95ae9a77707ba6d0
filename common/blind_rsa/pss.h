#pragma once

#include <string>

#include "absl/strings/string_view.h"

// RSA-PSS encoding. Private to blind_rsa. Thread-safe.

namespace veche::blind_rsa {

// EMSA-PSS-ENCODE (RFC 8017, section 9.1.1) with SHA-384, MGF1 with SHA-384 and this salt: the
// number that an RSA key of `modulus_bits` signs. OpenSSL has it only with a salt of its own
// choice. REQUIRES: modulus_bits >= 2048, salt.size() <= 48.
std::string PssEncode(absl::string_view message, absl::string_view salt, int modulus_bits);

}  // namespace veche::blind_rsa
