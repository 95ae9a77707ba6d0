#include "services/notifications/calls/binding.h"

namespace veche::notifications {

std::vector<rpc::ServiceBuilder> Bind(InboxCalls& calls, DeliveryCalls& deliveries,
                                      EndpointCalls& endpoints, ContactCalls& contacts) {
  return {rpc::ServiceBuilder("veche.notifications.v1.Notifications")
              .Unary(calls, &InboxCalls::ListNotifications, &InboxCalls::MarkRead)
              .Subscribe(calls, &InboxCalls::WatchNotifications),
          rpc::ServiceBuilder("veche.notifications.v1.Deliveries")
              .Unary(deliveries, &DeliveryCalls::ListDeliveries, &DeliveryCalls::ResendDelivery)
              .Unary(endpoints, &EndpointCalls::GetPushKey, &EndpointCalls::CreatePushSubscription,
                     &EndpointCalls::ListPushSubscriptions, &EndpointCalls::DeletePushSubscription,
                     &EndpointCalls::ListMessengers, &EndpointCalls::CreateWebhook,
                     &EndpointCalls::ListWebhooks, &EndpointCalls::DeleteWebhook),
          rpc::ServiceBuilder("veche.notifications.v1.Contacts")
              .Unary(contacts, &ContactCalls::GetUnsubscribePage, &ContactCalls::Unsubscribe)};
}

}  // namespace veche::notifications
