#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/ended_sessions.h"
#include "common/auth/principal.h"
#include "common/base/clock.h"

// Access tokens: JWTs (RFC 7519) signed with EdDSA over Ed25519 (RFC 8037), nothing else accepted.

namespace veche::auth {

constexpr absl::Duration kAccessTokenLifetime = absl::Minutes(15);
// Of a token with an audience, which is made for one call.
constexpr absl::Duration kAudienceTokenLifetime = absl::Minutes(2);

struct PublicKey {
  std::string id;     // the header's kid
  std::string bytes;  // 32 bytes, Ed25519
};

// Signs access tokens. Only the identity service has a signer. Thread-safe.
class TokenSigner {
 public:
  // A new key pair, or the key pair of an unencrypted PKCS#8 PEM text (else InvalidArgument).
  static std::unique_ptr<TokenSigner> Generate();
  static absl::StatusOr<std::unique_ptr<TokenSigner>> FromPem(absl::string_view pem);
  virtual ~TokenSigner() = default;

  // The private key as unencrypted PKCS#8 PEM: a secret.
  virtual std::string ToPem() const = 0;
  virtual const PublicKey& public_key() const = 0;
  // A token for `principal` that is valid from `now` for kAccessTokenLifetime, or with an audience
  // for kAudienceTokenLifetime.
  virtual std::string Sign(const Principal& principal, absl::Time now) const = 0;
};

// Fetches the current verification keys from the identity service. May block on an RPC; called from
// one thread at a time.
using KeySource = std::function<absl::StatusOr<std::vector<PublicKey>>()>;

// Verifies access tokens without an RPC for each token. The keys are fetched when first needed, and
// again for an unknown key id, at most every ten seconds (after a failed fetch: every second).
// Verified tokens stay in a bounded cache until they expire. Thread-safe.
class TokenVerifier {
 public:
  // `clock` must outlive the verifier.
  TokenVerifier(KeySource keys, const Clock& clock);
  ~TokenVerifier();

  // Accepts only tokens whose audience is `audience`: without one, only tokens without an audience.
  // Unauthenticated with reason TOKEN_INVALID or TOKEN_EXPIRED, the latter also for a token of an
  // ended session; Unavailable (KEYS_UNAVAILABLE) when the keys cannot be fetched. May block on the
  // KeySource.
  absl::StatusOr<Principal> Verify(absl::string_view token, absl::string_view audience = "");

  // The sessions whose tokens are refused before they expire.
  EndedSessions& ended_sessions() { return ended_sessions_; }

 private:
  class Cache;
  EndedSessions ended_sessions_;
  std::unique_ptr<Cache> cache_;
};

}  // namespace veche::auth
