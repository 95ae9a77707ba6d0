#include "services/notifications/calls/endpoint_calls.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "services/notifications/domain/delivery_errors.h"

namespace veche::notifications {
namespace {

constexpr int kMostPush = 20;
constexpr int kMostWebhooks = 5;
constexpr size_t kMostTargetBytes = 1000;
constexpr size_t kSecretBytes = 32;
constexpr absl::string_view kPushPrefix = "pushSubscriptions/";
constexpr absl::string_view kWebhookPrefix = "webhooks/";

v1::PushSubscription ToWire(const PushSubscription& subscription) {
  v1::PushSubscription wire;
  wire.set_name(absl::StrCat(kPushPrefix, subscription.id));
  wire.set_endpoint(subscription.endpoint);
  if (subscription.expire_time) {
    *wire.mutable_expire_time() = api::ToTimestamp(*subscription.expire_time);
  }
  *wire.mutable_create_time() = api::ToTimestamp(subscription.create_time);
  return wire;
}

v1::Webhook ToWire(const Webhook& webhook) {
  v1::Webhook wire;
  wire.set_name(absl::StrCat(kWebhookPrefix, webhook.id));
  if (webhook.messenger.empty()) {
    wire.set_url(webhook.target);
  } else {
    wire.set_messenger(webhook.messenger);
    wire.set_address(webhook.target);
  }
  wire.set_secret(webhook.secret);
  *wire.mutable_create_time() = api::ToTimestamp(webhook.create_time);
  return wire;
}

}  // namespace

absl::StatusOr<v1::PushKey> EndpointCalls::GetPushKey(const rpc::Call&,
                                                      const v1::GetPushKeyRequest&) {
  if (parts_.signer == nullptr) return PushNotOffered();
  v1::PushKey key;
  key.set_public_key(parts_.signer->public_key());
  return key;
}

absl::StatusOr<v1::PushSubscription> EndpointCalls::CreatePushSubscription(
    const rpc::Call& call, const v1::CreatePushSubscriptionRequest& request,
    Violations violations) {
  if (parts_.signer == nullptr) return PushNotOffered();
  const absl::Time now = parts_.clock.Now();
  PushSubscription subscription =
      ReadPushSubscription(request, parts_.push_rules, now, "", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  subscription.id = parts_.ids.New();
  subscription.subscriber = call.principal().name;
  subscription.create_time = now;
  v1::PushSubscription response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<PushSubscription> own,
                     parts_.store.ListPush(transaction, subscription.subscriber));
    const auto known = std::find_if(own.begin(), own.end(), [&](const PushSubscription& other) {
      return other.endpoint == subscription.endpoint;
    });
    if (known == own.end() && own.size() >= size_t{kMostPush}) return TooManyEndpoints(kMostPush);
    PushSubscription stored = subscription;
    ASSIGN_OR_RETURN(stored.id, parts_.store.PutPush(transaction, subscription));
    if (known != own.end()) stored.create_time = known->create_time;
    response = ToWire(stored);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::ListPushSubscriptionsResponse> EndpointCalls::ListPushSubscriptions(
    const rpc::Call& call, const v1::ListPushSubscriptionsRequest&) {
  v1::ListPushSubscriptionsResponse response;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(const std::vector<PushSubscription> own,
                     parts_.store.ListPush(transaction, call.principal().name));
    for (const PushSubscription& subscription : own) {
      *response.add_push_subscriptions() = ToWire(subscription);
    }
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::DeletePushSubscriptionResponse> EndpointCalls::DeletePushSubscription(
    const rpc::Call& call, const v1::DeletePushSubscriptionRequest& request) {
  v1::DeletePushSubscriptionResponse response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const bool deleted,
                     parts_.store.DeletePush(transaction, call.principal().name,
                                             absl::StripPrefix(request.name(), kPushPrefix)));
    if (!deleted) return PushSubscriptionNotFound(request.name());
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::ListMessengersResponse> EndpointCalls::ListMessengers(
    const rpc::Call&, const v1::ListMessengersRequest&) {
  v1::ListMessengersResponse response;
  for (const Messenger& messenger : parts_.webhook_rules.messengers) {
    v1::Messenger& wire = *response.add_messengers();
    wire.set_id(messenger.name);
    wire.set_title(messenger.title);
  }
  return response;
}

void EndpointCalls::CheckWebhook(const v1::CreateWebhookRequest& request,
                                 Violations& violations) const {
  const bool own = !request.url().empty();
  if (own == !request.messenger().empty()) return violations.Add("url", "WEBHOOK_ONE_OF");
  if (own) {
    if (!request.address().empty()) violations.Add("address", "WEBHOOK_ONE_OF");
    const std::string origin = OriginOf(request.url());
    const bool printable = std::all_of(request.url().begin(), request.url().end(),
                                       [](char c) { return c > ' ' && c <= '~'; });
    if (!absl::StartsWith(origin, "https://") || !printable ||
        !parts_.webhook_rules.Allows(HostOf(origin))) {
      violations.Add("url", "WEBHOOK_URL");
    }
  } else {
    if (parts_.webhook_rules.Find(request.messenger()) == nullptr) {
      violations.Add("messenger", "MESSENGER_UNKNOWN");
    }
    if (request.address().empty()) violations.Add("address", "REQUIRED");
  }
  const Text too_long("TOO_MANY_BYTES", {{"most", absl::StrCat(kMostTargetBytes)}});
  if (request.url().size() > kMostTargetBytes) violations.Add("url", too_long);
  if (request.address().size() > kMostTargetBytes) violations.Add("address", too_long);
}

absl::StatusOr<v1::Webhook> EndpointCalls::CreateWebhook(const rpc::Call& call,
                                                         const v1::CreateWebhookRequest& request,
                                                         Violations violations) {
  CheckWebhook(request, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  Webhook webhook{.id = parts_.ids.New(),
                  .subscriber = call.principal().name,
                  .messenger = request.messenger(),
                  .target = request.messenger().empty() ? request.url() : request.address(),
                  .create_time = parts_.clock.Now()};
  if (webhook.messenger.empty()) webhook.secret = RandomToken(kSecretBytes);
  const v1::Webhook response = ToWire(webhook);
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Webhook> own,
                     parts_.store.ListWebhooks(transaction, webhook.subscriber));
    if (own.size() >= size_t{kMostWebhooks}) return TooManyEndpoints(kMostWebhooks);
    RETURN_IF_ERROR(parts_.store.AddWebhook(transaction, webhook));
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::ListWebhooksResponse> EndpointCalls::ListWebhooks(
    const rpc::Call& call, const v1::ListWebhooksRequest&) {
  v1::ListWebhooksResponse response;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(const std::vector<Webhook> own,
                     parts_.store.ListWebhooks(transaction, call.principal().name));
    for (const Webhook& webhook : own) *response.add_webhooks() = ToWire(webhook);
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::DeleteWebhookResponse> EndpointCalls::DeleteWebhook(
    const rpc::Call& call, const v1::DeleteWebhookRequest& request) {
  v1::DeleteWebhookResponse response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const bool deleted,
                     parts_.store.DeleteWebhook(transaction, call.principal().name,
                                                absl::StripPrefix(request.name(), kWebhookPrefix)));
    if (!deleted) return WebhookNotFound(request.name());
    return call.Remember(transaction, response);
  }));
  return response;
}

}  // namespace veche::notifications
