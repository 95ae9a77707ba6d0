#include "services/appeals/domain/follow_token.h"

#include "absl/strings/escaping.h"
#include "common/crypto/hmac.h"
#include "common/crypto/master_key.h"

namespace veche::appeals {

FollowTokens::FollowTokens(absl::string_view master_key)
    : key_(crypto::DeriveKey(master_key, "veche/appeals/v1/follow token")) {}

std::string FollowTokens::For(absl::string_view appeal_id) const {
  return absl::WebSafeBase64Escape(crypto::HmacSha256(key_, appeal_id));
}

}  // namespace veche::appeals
