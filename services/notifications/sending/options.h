#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/http_client/client.h"
#include "services/notifications/sending/provider_gate.h"
#include "services/notifications/sending/webhook_sender.h"
#include "veche/config/v1/config.pb.h"

// The configuration of sending.

namespace veche::notifications {

http_client::Options ClientOptions(const config::v1::Delivery& config);
ProviderLimits PushLimits(const config::v1::WebPush& config);
ProviderLimits WebhookLimits(const config::v1::Webhooks& config);
// FailedPrecondition when a file of headers cannot be read.
absl::StatusOr<WebhookRules> ReadWebhookRules(const config::v1::Webhooks& config);
// Whom push services may ask; "" when no messages to browsers are sent.
std::string PushAdministrator(const config::v1::Config& config);

}  // namespace veche::notifications
