#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "services/identity/vault/vault.h"

namespace veche::identity {

// Refresh tokens: "<session>.<32 bytes>.<keyed hash of both>". The keyed hash tells an old token
// from an invented one, so one row for each session is enough to detect reuse, and only a holder of
// a token can end its session. The secret of the first token is random; each later secret is
// derived from the previous token with the installation's key, so that a repeated Refresh returns
// the same successor. Thread-safe.
class RefreshTokens {
 public:
  // `vault` must outlive it.
  explicit RefreshTokens(const Vault& vault) : vault_(vault) {}

  std::string First(absl::string_view session) const;
  // REQUIRES: `token` is authentic.
  std::string Next(absl::string_view token) const;
  // The session of an authentic token; nullopt for any other text.
  std::optional<std::string> SessionOf(absl::string_view token) const;
  // The form in which a token is stored: its SHA-256 in hexadecimal.
  static std::string Hash(absl::string_view token);

 private:
  std::string Make(absl::string_view session, absl::string_view secret) const;

  const Vault& vault_;
};

}  // namespace veche::identity
