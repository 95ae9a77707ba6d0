#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/principal.h"
#include "common/base/clock.h"

// Access tokens: JWTs (RFC 7519) signed with EdDSA over Ed25519 (RFC 8037), nothing else accepted.

namespace veche::auth {

constexpr absl::Duration kAccessTokenLifetime = absl::Minutes(15);

struct PublicKey {
  std::string id;     // the header's kid
  std::string bytes;  // 32
};

// Signs access tokens; identity alone has one. Thread-safe.
class TokenSigner {
 public:
  // A new key pair, or the pair of a PKCS#8 PEM text.
  static std::unique_ptr<TokenSigner> Generate();
  static absl::StatusOr<std::unique_ptr<TokenSigner>> FromPem(absl::string_view pem);
  virtual ~TokenSigner() = default;

  virtual std::string ToPem() const = 0;
  virtual const PublicKey& public_key() const = 0;
  // A token for `principal` from `now` for kAccessTokenLifetime.
  virtual std::string Sign(const Principal& principal, absl::Time now) const = 0;
};

// Fetches the current verification keys from identity; may block on an RPC.
using KeySource = std::function<absl::StatusOr<std::vector<PublicKey>>()>;

// Verifies access tokens offline. Keys are fetched when first needed and again, at most every ten
// seconds, for an unknown key id. Verified tokens are remembered in a bounded cache until they
// expire. Thread-safe.
class TokenVerifier {
 public:
  TokenVerifier(KeySource keys, const Clock& clock);
  ~TokenVerifier();

  // Unauthenticated with reason TOKEN_INVALID or TOKEN_EXPIRED; Unavailable when the keys cannot be
  // had.
  absl::StatusOr<Principal> Verify(absl::string_view token);

 private:
  class Cache;
  std::unique_ptr<Cache> cache_;
};

}  // namespace veche::auth
