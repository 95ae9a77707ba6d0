#include "services/notifications/push/encryption.h"

#include "absl/strings/str_cat.h"
#include "common/crypto/p256.h"
#include "common/crypto/random.h"
#include "services/notifications/push/content_coding.h"

namespace veche::notifications {
namespace {

constexpr size_t kKeyBytes = 32;

}  // namespace

absl::StatusOr<std::string> EncryptPush(absl::string_view text, absl::string_view p256dh,
                                        absl::string_view auth) {
  const crypto::EvpKey sender = crypto::GenerateP256();
  return EncryptPushWith(*sender, crypto::RandomBytes(kCodingSaltBytes), text, p256dh, auth);
}

absl::StatusOr<std::string> EncryptPushWith(EVP_PKEY& sender, absl::string_view salt,
                                            absl::string_view text, absl::string_view p256dh,
                                            absl::string_view auth) {
  const crypto::EvpKey receiver = crypto::P256FromPoint(p256dh);
  if (receiver == nullptr) return absl::InvalidArgumentError("p256dh is no point of P-256");
  if (auth.size() != kPushAuthBytes) return absl::InvalidArgumentError("auth must have 16 bytes");
  if (text.size() > kMostPushText) return absl::InvalidArgumentError("the text is too long");
  const std::string own = crypto::P256Point(sender);
  const absl::string_view label("WebPush: info\0", 14);
  const std::string key = Hkdf(auth, crypto::P256SharedSecret(sender, *receiver),
                               absl::StrCat(label, p256dh, own), kKeyBytes);
  return EncodeAes128Gcm(key, text, {.salt = std::string(salt), .key_id = own});
}

}  // namespace veche::notifications
