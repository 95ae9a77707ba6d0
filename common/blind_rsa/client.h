#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/blind_rsa/keys.h"

// The client's side of RSABSSA-SHA384-PSS-Randomized (RFC 9474, section 4):
//
//   Prepared prepared = Prepare(message);
//   Blinding blinding = *Blind(key, prepared);                  // send blinding.blinded
//   std::string signature = *Finalize(key, prepared, answer, blinding.inverse);
//   key.Verify(prepared.message, prepared.prefix, signature);   // true, for anybody
//
// All functions are thread-safe, and abort when OpenSSL has no random numbers or no memory.

namespace veche::blind_rsa {

// A message with its random prefix; both are published with the signature.
struct Prepared {
  std::string prefix;  // kPrefixBytes
  std::string message;
};
Prepared Prepare(absl::string_view message);

struct Blinding {
  std::string blinded;  // for the signer; modulus_bytes(), tells nothing of the message
  std::string inverse;  // secret: links the blinded message to the signature; modulus_bytes()
};
// InvalidArgument when the prefix has another length than kPrefixBytes, or when the encoded message
// shares a factor with the modulus (never with an honest key).
absl::StatusOr<Blinding> Blind(const PublicKey& key, const Prepared& prepared);

// The signature over `prepared`, verified. InvalidArgument when `blind_signature` or `inverse` has
// another length than modulus_bytes(), or when the signer's answer gives no valid signature.
absl::StatusOr<std::string> Finalize(const PublicKey& key, const Prepared& prepared,
                                     absl::string_view blind_signature, absl::string_view inverse);

}  // namespace veche::blind_rsa
