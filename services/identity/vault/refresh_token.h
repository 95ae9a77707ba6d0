#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "services/identity/vault/vault.h"

namespace veche::identity {

// Refresh tokens: "<session>.<32 bytes>.<keyed hash of both>". The keyed hash tells an old token
// of ours from a made-up one, so that one row for each session is enough to see reuse, and nobody
// can end a session who never held a token of it. The first secret is random; each next one is
// derived from the one before under the installation's key, so that a repeat of a trade gives the
// same answer. Thread-safe.
class RefreshTokens {
 public:
  // `vault` must outlive it.
  explicit RefreshTokens(const Vault& vault) : vault_(vault) {}

  std::string First(absl::string_view session) const;
  // REQUIRES: `token` is authentic.
  std::string Next(absl::string_view token) const;
  // The session that an authentic token is of; nullopt for anything else.
  std::optional<std::string> SessionOf(absl::string_view token) const;
  // What is stored of a token: its SHA-256 in hexadecimal.
  static std::string Hash(absl::string_view token);

 private:
  std::string Make(absl::string_view session, absl::string_view secret) const;

  const Vault& vault_;
};

}  // namespace veche::identity
