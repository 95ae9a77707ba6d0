#pragma once

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/id.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/notifications/calls/push_input.h"
#include "services/notifications/push/vapid.h"
#include "services/notifications/sending/webhook_sender.h"
#include "services/notifications/storage/endpoint_store.h"
#include "veche/notifications/v1/deliveries.pb.h"

namespace veche::notifications {

// A resident's browsers and webhooks. Thread-safe; may block.
class EndpointCalls {
 public:
  struct Parts {
    sql::Database& database;
    EndpointStore& store;
    VapidSigner* signer;  // null when no messages to browsers are sent
    PushInputRules push_rules;
    const WebhookRules& webhook_rules;
    const Clock& clock;
    IdSource& ids;
  };
  // All of `parts` must outlive the object.
  explicit EndpointCalls(Parts parts) : parts_(parts) {}

  absl::StatusOr<v1::PushKey> GetPushKey(const rpc::Call& call,
                                         const v1::GetPushKeyRequest& request);
  absl::StatusOr<v1::PushSubscription> CreatePushSubscription(
      const rpc::Call& call, const v1::CreatePushSubscriptionRequest& request,
      Violations violations = {});
  absl::StatusOr<v1::ListPushSubscriptionsResponse> ListPushSubscriptions(
      const rpc::Call& call, const v1::ListPushSubscriptionsRequest& request);
  absl::StatusOr<v1::DeletePushSubscriptionResponse> DeletePushSubscription(
      const rpc::Call& call, const v1::DeletePushSubscriptionRequest& request);

  absl::StatusOr<v1::ListMessengersResponse> ListMessengers(
      const rpc::Call& call, const v1::ListMessengersRequest& request);
  absl::StatusOr<v1::Webhook> CreateWebhook(const rpc::Call& call,
                                            const v1::CreateWebhookRequest& request,
                                            Violations violations = {});
  absl::StatusOr<v1::ListWebhooksResponse> ListWebhooks(const rpc::Call& call,
                                                        const v1::ListWebhooksRequest& request);
  absl::StatusOr<v1::DeleteWebhookResponse> DeleteWebhook(const rpc::Call& call,
                                                          const v1::DeleteWebhookRequest& request);

 private:
  void CheckWebhook(const v1::CreateWebhookRequest& request, Violations& violations) const;

  const Parts parts_;
};

}  // namespace veche::notifications
