#include "services/notifications/calls/push_input.h"

#include <cmath>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/p256.h"
#include "common/http_client/address.h"
#include "services/notifications/push/encryption.h"
#include "services/notifications/push/vapid.h"

namespace veche::notifications {
namespace {

constexpr size_t kMostEndpointBytes = 2000;
// Browsers give milliseconds; larger numbers are none.
constexpr double kLatestMillis = 1e14;

bool IsEndpoint(absl::string_view url, const PushInputRules& rules) {
  const std::string origin = OriginOf(url);
  if (!absl::StartsWith(origin, "https://")) return false;
  for (const char c : url) {
    if (c <= ' ' || c > '~') return false;
  }
  const std::string host = HostOf(origin);
  return rules.private_addresses || (host != "localhost" && http_client::MayBePublic(host.c_str()));
}

}  // namespace

PushSubscription ReadPushSubscription(const v1::CreatePushSubscriptionRequest& request,
                                      const PushInputRules& rules, absl::Time now,
                                      absl::string_view prefix, Violations& violations) {
  PushSubscription subscription{.endpoint = request.endpoint()};
  if (request.endpoint().size() > kMostEndpointBytes) {
    violations.Add(absl::StrCat(prefix, "endpoint"),
                   {"TOO_MANY_BYTES", {{"most", absl::StrCat(kMostEndpointBytes)}}});
  } else if (!IsEndpoint(request.endpoint(), rules)) {
    violations.Add(absl::StrCat(prefix, "endpoint"), "PUSH_ENDPOINT");
  }
  if (!absl::WebSafeBase64Unescape(request.keys().p256dh(), &subscription.p256dh) ||
      crypto::P256FromPoint(subscription.p256dh) == nullptr) {
    violations.Add(absl::StrCat(prefix, "keys.p256dh"), "PUSH_KEY_P256DH");
  }
  if (!absl::WebSafeBase64Unescape(request.keys().auth(), &subscription.auth) ||
      subscription.auth.size() != kPushAuthBytes) {
    violations.Add(absl::StrCat(prefix, "keys.auth"), "PUSH_KEY_AUTH");
  }
  if (request.has_expiration_time()) {
    const double millis = request.expiration_time();
    const bool number = std::isfinite(millis) && millis > 0 && millis < kLatestMillis;
    const absl::Time expire =
        number ? absl::FromUnixMillis(static_cast<int64_t>(millis)) : absl::InfinitePast();
    if (expire <= now) violations.Add(absl::StrCat(prefix, "expirationTime"), "EXPIRATION_PAST");
    subscription.expire_time = expire;
  }
  return subscription;
}

}  // namespace veche::notifications
