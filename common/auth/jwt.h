#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/principal.h"

// The compact form of a token, header.claims.signature, without the cryptography. Private to auth.

namespace veche::auth {

// A token taken apart; the views point into it.
struct ParsedToken {
  absl::string_view signed_text;  // header.claims
  absl::string_view claims;       // base64url
  std::string signature;          // bytes
  std::string key_id;
};

// "header.claims", to be signed.
std::string UnsignedToken(absl::string_view key_id, const Principal& principal, absl::Time issued,
                          absl::Time expires);
std::string FinishToken(std::string unsigned_token, absl::string_view signature);

// Unauthenticated (TOKEN_INVALID) unless it has three parts of base64url and the header says
// exactly {"alg": "EdDSA", "typ": "JWT", "kid": …}. Nothing else is checked.
absl::StatusOr<ParsedToken> ParseToken(absl::string_view token);

// What the claims of a token whose signature is good say at `now`. Unauthenticated with
// TOKEN_INVALID or TOKEN_EXPIRED.
absl::StatusOr<Principal> ReadClaims(absl::string_view claims, absl::Time now);

absl::Status TokenInvalid();
absl::Status TokenExpired();

}  // namespace veche::auth
