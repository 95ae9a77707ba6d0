#include "services/notifications/contacts/unsubscribe_token.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/crypto/master_key.h"
#include "common/crypto/seal.h"

namespace veche::notifications {
namespace {

constexpr char kContext[] = "unsubscribe";
constexpr size_t kMostCharacters = 1000;

}  // namespace

UnsubscribeTokens::UnsubscribeTokens(absl::string_view master_key)
    : key_(crypto::DeriveKey(master_key, "veche/notifications/v1/unsubscribe")) {}

std::string UnsubscribeTokens::Make(const Unsubscription& what) const {
  return absl::WebSafeBase64Escape(
      crypto::Seal(key_, absl::StrCat(what.resident, " ", what.subject), kContext));
}

std::optional<Unsubscription> UnsubscribeTokens::Read(absl::string_view token) const {
  std::string sealed;
  if (token.size() > kMostCharacters || !absl::WebSafeBase64Unescape(token, &sealed)) {
    return std::nullopt;
  }
  const absl::StatusOr<std::string> plain = crypto::Unseal(key_, sealed, kContext);
  if (!plain.ok()) return std::nullopt;
  const std::pair<std::string, std::string> parts = absl::StrSplit(*plain, absl::MaxSplits(' ', 1));
  return Unsubscription{parts.first, parts.second};
}

}  // namespace veche::notifications
