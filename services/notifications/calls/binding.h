#pragma once

#include <vector>

#include "common/rpc/service_builder.h"
#include "services/notifications/calls/contact_calls.h"
#include "services/notifications/calls/delivery_calls.h"
#include "services/notifications/calls/device_calls.h"
#include "services/notifications/calls/endpoint_calls.h"
#include "services/notifications/calls/inbox_calls.h"
#include "services/notifications/calls/subscription_calls.h"

namespace veche::notifications {

// The handlers of the service, without those of alerts. All must outlive what serves them.
struct Handlers {
  InboxCalls& inbox;
  SubscriptionCalls& subscriptions;
  DeviceCalls& devices;
  DeliveryCalls& deliveries;
  EndpointCalls& endpoints;
  ContactCalls& contacts;
};

// Each RPC with its handler.
std::vector<rpc::ServiceBuilder> Bind(const Handlers& handlers);

}  // namespace veche::notifications
