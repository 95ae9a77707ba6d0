#include "services/notifications/domain/delivery_errors.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace veche::notifications {
namespace {

constexpr char kDomain[] = "notifications";

}  // namespace

absl::Status PushNotOffered() {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "PUSH_NOT_OFFERED");
}

absl::Status PushSubscriptionNotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "PUSH_SUBSCRIPTION_NOT_FOUND",
                   {{"name", name}});
}

absl::Status TooManyEndpoints(int most) {
  return MakeError(absl::StatusCode::kResourceExhausted, kDomain, "TOO_MANY_ENDPOINTS",
                   {{"most", absl::StrCat(most)}});
}

absl::Status WebhookNotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "WEBHOOK_NOT_FOUND", {{"name", name}});
}

absl::Status DeliveryNotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "DELIVERY_NOT_FOUND", {{"name", name}});
}

}  // namespace veche::notifications
