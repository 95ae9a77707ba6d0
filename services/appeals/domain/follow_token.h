#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace veche::appeals {

// Makes the follow tokens of guests' appeals: 43 characters of base64url. An appeal has the same
// token each time, so that later messages to the guest can have the link again; the database has
// only its hash. Immutable; thread-safe.
class FollowTokens {
 public:
  // `master_key` is that of crypto::OpenMasterKey.
  explicit FollowTokens(absl::string_view master_key);
  std::string For(absl::string_view appeal_id) const;

 private:
  const std::string key_;
};

}  // namespace veche::appeals
