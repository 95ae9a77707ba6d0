#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/principal.h"

// The compact form of a token, header.claims.signature, without the cryptography. Private to auth.

namespace veche::auth {

// The parts of a token. The views point into the parsed text.
struct ParsedToken {
  absl::string_view signed_text;  // header.claims
  absl::string_view claims;       // base64url
  std::string signature;          // bytes
  std::string key_id;
};

// "header.claims", the text to sign.
std::string UnsignedToken(absl::string_view key_id, const Principal& principal, absl::Time issued,
                          absl::Time expires);
// Appends the signature's bytes: "header.claims.signature".
std::string FinishToken(std::string unsigned_token, absl::string_view signature);

// Splits a token. Unauthenticated (TOKEN_INVALID) unless the token has at most 4,096 bytes, three
// parts, a signature in base64url and exactly the header {"alg": "EdDSA", "typ": "JWT", "kid": …}.
// Does not check the signature or the claims.
absl::StatusOr<ParsedToken> ParseToken(absl::string_view token);

// Reads the claims (base64url) of a token whose signature was verified. Unauthenticated with
// TOKEN_INVALID (also for a token issued more than a minute after `now`) or TOKEN_EXPIRED.
absl::StatusOr<Principal> ReadClaims(absl::string_view claims, absl::Time now);

absl::Status TokenInvalid();
absl::Status TokenOfOtherAudience();
absl::Status TokenExpired();

}  // namespace veche::auth
