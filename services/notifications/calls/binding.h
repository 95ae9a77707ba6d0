#pragma once

#include <vector>

#include "common/rpc/service_builder.h"
#include "services/notifications/calls/contact_calls.h"
#include "services/notifications/calls/delivery_calls.h"
#include "services/notifications/calls/endpoint_calls.h"
#include "services/notifications/calls/device_calls.h"
#include "services/notifications/calls/inbox_calls.h"
#include "services/notifications/calls/subscription_calls.h"

namespace veche::notifications {

// Each RPC of the service with its handler. All must outlive what serves them.
std::vector<rpc::ServiceBuilder> Bind(InboxCalls& calls, DeliveryCalls& deliveries,
                                      EndpointCalls& endpoints, ContactCalls& contacts);
std::vector<rpc::ServiceBuilder> Bind(InboxCalls& inbox, SubscriptionCalls& subscriptions,
                                      DeviceCalls& devices);

}  // namespace veche::notifications
