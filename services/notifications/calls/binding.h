#pragma once

#include <vector>

#include "common/rpc/service_builder.h"
#include "services/notifications/calls/inbox_calls.h"

namespace veche::notifications {

// Each RPC of the service with its handler. All must outlive what serves them.
std::vector<rpc::ServiceBuilder> Bind(InboxCalls& calls);

}  // namespace veche::notifications
