#include "services/identity/vault/refresh_token.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/crypto/hmac.h"
#include "common/crypto/random.h"
#include "common/crypto/sha256.h"

namespace veche::identity {
namespace {

constexpr size_t kSecretBytes = 32;

}  // namespace

std::string RefreshTokens::First(absl::string_view session) const {
  return Make(session, crypto::RandomBytes(kSecretBytes));
}

std::string RefreshTokens::Next(absl::string_view token) const {
  const absl::string_view session = token.substr(0, token.find('.'));
  return Make(session, vault_.TokenMac(absl::StrCat("next\n", token)));
}

std::optional<std::string> RefreshTokens::SessionOf(absl::string_view token) const {
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  if (parts.size() != 3) return std::nullopt;
  std::string secret;
  if (!absl::WebSafeBase64Unescape(parts[1], &secret)) return std::nullopt;
  if (!crypto::EqualInConstantTime(Make(parts[0], secret), token)) return std::nullopt;
  return std::string(parts[0]);
}

std::string RefreshTokens::Hash(absl::string_view token) {
  return absl::BytesToHexString(crypto::Sha256(token));
}

std::string RefreshTokens::Make(absl::string_view session, absl::string_view secret) const {
  const std::string start = absl::StrCat(session, ".", absl::WebSafeBase64Escape(secret));
  return absl::StrCat(start, ".",
                      absl::WebSafeBase64Escape(vault_.TokenMac(absl::StrCat("token\n", start))));
}

}  // namespace veche::identity
