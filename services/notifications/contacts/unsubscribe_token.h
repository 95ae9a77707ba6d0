#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace veche::notifications {

// What a link in a message ends.
struct Unsubscription {
  std::string resident;  // "residents/{id}"
  std::string subject;   // "appeals/{id}"
  friend bool operator==(const Unsubscription&, const Unsubscription&) = default;
};

// Makes the tokens of such links: sealed, so that nobody can read or invent one. They do not
// expire, because messages are kept. Immutable; thread-safe.
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
