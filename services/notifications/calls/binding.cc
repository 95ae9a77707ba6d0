#include "services/notifications/calls/binding.h"

namespace veche::notifications {

std::vector<rpc::ServiceBuilder> Bind(InboxCalls& calls, DeliveryCalls& deliveries,
                                      EndpointCalls& endpoints, ContactCalls& contacts) {
std::vector<rpc::ServiceBuilder> Bind(InboxCalls& inbox, SubscriptionCalls& subscriptions,
                                      DeviceCalls& devices) {
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
              .Unary(inbox, &InboxCalls::ListNotifications, &InboxCalls::MarkRead)
              .Subscribe(inbox, &InboxCalls::WatchNotifications),
          rpc::ServiceBuilder("veche.notifications.v1.Subscriptions")
              .Unary(subscriptions, &SubscriptionCalls::GetSubscription,
                     &SubscriptionCalls::ReplaceSubscription, &SubscriptionCalls::MuteTopic,
                     &SubscriptionCalls::UnmuteTopic)
              .Unary(devices, &DeviceCalls::CreateDevice, &DeviceCalls::GetDevice,
                     &DeviceCalls::UpdateDevice, &DeviceCalls::DeleteDevice)};
}

}  // namespace veche::notifications
