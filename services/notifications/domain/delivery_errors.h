#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Errors of deliveries that a client may branch on. The comment is the reason's meaning.

namespace veche::notifications {

// PUSH_NOT_OFFERED: this city sends no messages to browsers.
absl::Status PushNotOffered();
// PUSH_SUBSCRIPTION_NOT_FOUND: the caller has no browser of this name.
absl::Status PushSubscriptionNotFound(absl::string_view name);
// TOO_MANY_ENDPOINTS: the caller has as many browsers or webhooks as allowed.
absl::Status TooManyEndpoints(int most);
// WEBHOOK_NOT_FOUND: the caller has no webhook of this name.
absl::Status WebhookNotFound(absl::string_view name);
// DELIVERY_NOT_FOUND: there is no delivery of this name.
absl::Status DeliveryNotFound(absl::string_view name);

}  // namespace veche::notifications
