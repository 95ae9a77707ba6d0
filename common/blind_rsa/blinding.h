#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/blind_rsa/client.h"
#include "common/blind_rsa/keys.h"

// The steps of the client with nothing chosen at random, for client.cc and for the vectors of the
// RFC. Private to blind_rsa: a salt or blinding number that is used twice or known to the signer
// breaks the anonymity. Thread-safe.

namespace veche::blind_rsa::internal {

// Blind of RFC 9474, section 4.2, for `input` = prefix ‖ message with this salt (at most 48 bytes)
// and blinding number r (big-endian). InvalidArgument when `input` or `r` have no inverse.
absl::StatusOr<Blinding> BlindWith(const PublicKey& key, absl::string_view input,
                                   absl::string_view salt, absl::string_view r);

// blind_signature * inverse mod n, unverified. REQUIRES: both have modulus_bytes().
std::string Unblind(const PublicKey& key, absl::string_view blind_signature,
                    absl::string_view inverse);

}  // namespace veche::blind_rsa::internal
