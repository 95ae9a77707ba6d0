#pragma once

#include <filesystem>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/crypto/evp_key.h"

namespace veche::notifications {

// The key of the application server in a PEM file, which is made if it is missing and `may_create`
// is set: browsers bind their subscriptions to the key, so a new one would end all of them.
// FailedPrecondition when it is missing or holds no P-256 key.
absl::StatusOr<crypto::EvpKey> LoadVapidKey(const std::filesystem::path& file, bool may_create);

// Tells push services who sends (RFC 8292). A token is signed once for each origin and used for
// half of its life. Thread-safe.
class VapidSigner {
 public:
  // `contact`: "mailto:…" or "https://…".
  VapidSigner(crypto::EvpKey key, std::string contact);

  // The value of Authorization for a push service: "vapid t=…, k=…". `origin`: OriginOf its URL.
  std::string Authorization(absl::string_view origin, absl::Time now);
  // The public key in base64url, which browsers need to subscribe.
  const std::string& public_key() const { return public_key_; }

 private:
  struct Token {
    std::string header;
    absl::Time renew;
  };
  std::string Sign(absl::string_view origin, absl::Time now) const;

  const crypto::EvpKey key_;
  const std::string contact_;
  const std::string public_key_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Token> tokens_ ABSL_GUARDED_BY(mutex_);
};

// "https://host:port" of a URL, in lower case, without the port if it is the scheme's own; "" when
// the URL has none, or has user information.
std::string OriginOf(absl::string_view url);
// The host of an origin: "host", "[::1]".
std::string HostOf(absl::string_view origin);

}  // namespace veche::notifications
