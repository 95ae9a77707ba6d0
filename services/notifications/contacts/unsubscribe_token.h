#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "services/notifications/domain/unsubscription.h"

namespace veche::notifications {

// Makes the tokens of links that end messages: sealed, so that nobody can read or invent one. They
// do not expire, because messages are kept. Immutable; thread-safe.
class UnsubscribeTokens {
 public:
  // `master_key` is that of crypto::OpenMasterKey.
  explicit UnsubscribeTokens(absl::string_view master_key);

  // In base64url. Another one each time.
  std::string Make(const Unsubscription& what) const;
  // Nullopt for a token that Make did not make.
  std::optional<Unsubscription> Read(absl::string_view token) const;

 private:
  const std::string key_;
};

}  // namespace veche::notifications
