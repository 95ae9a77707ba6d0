#include "services/notifications/domain/delivery.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/sha256.h"

namespace veche::notifications {
namespace {

constexpr size_t kKeyBytes = 20;

// Numbers of notices and posts come from one sequence.
std::string Subject(const NewDelivery& delivery) {
  if (delivery.digest) return absl::StrCat("digest ", absl::ToUnixMicros(*delivery.digest));
  return absl::StrCat("seq ", delivery.post ? *delivery.post : delivery.notice.value_or(0));
}

}  // namespace

std::string MessageKey(const NewDelivery& delivery) {
  const std::string hash =
      crypto::Sha256(absl::StrCat(Subject(delivery), "\n", delivery.subscriber, "\n",
                                  static_cast<int>(delivery.channel), "\n", delivery.endpoint));
  return absl::WebSafeBase64Escape(absl::string_view(hash).substr(0, kKeyBytes));
}

}  // namespace veche::notifications
