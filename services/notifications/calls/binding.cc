#include "services/notifications/calls/binding.h"

namespace veche::notifications {

std::vector<rpc::ServiceBuilder> Bind(const Handlers& handlers) {
  return {
      rpc::ServiceBuilder("veche.notifications.v1.Notifications")
          .Unary(handlers.inbox, &InboxCalls::ListNotifications, &InboxCalls::MarkRead)
          .Subscribe(handlers.inbox, &InboxCalls::WatchNotifications),
      rpc::ServiceBuilder("veche.notifications.v1.Subscriptions")
          .Unary(handlers.subscriptions, &SubscriptionCalls::GetSubscription,
                 &SubscriptionCalls::ReplaceSubscription, &SubscriptionCalls::MuteTopic,
                 &SubscriptionCalls::UnmuteTopic)
          .Unary(handlers.devices, &DeviceCalls::CreateDevice, &DeviceCalls::GetDevice,
                 &DeviceCalls::UpdateDevice, &DeviceCalls::DeleteDevice),
      rpc::ServiceBuilder("veche.notifications.v1.Deliveries")
          .Unary(handlers.deliveries, &DeliveryCalls::ListDeliveries,
                 &DeliveryCalls::ResendDelivery)
          .Unary(handlers.endpoints, &EndpointCalls::GetPushKey,
                 &EndpointCalls::CreatePushSubscription, &EndpointCalls::ListPushSubscriptions,
                 &EndpointCalls::DeletePushSubscription, &EndpointCalls::ListMessengers,
                 &EndpointCalls::CreateWebhook, &EndpointCalls::ListWebhooks,
                 &EndpointCalls::DeleteWebhook),
      rpc::ServiceBuilder("veche.notifications.v1.Contacts")
          .Unary(handlers.contacts, &ContactCalls::GetUnsubscribePage, &ContactCalls::Unsubscribe)};
}

}  // namespace veche::notifications
