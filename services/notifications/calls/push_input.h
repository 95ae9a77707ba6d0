#pragma once

#include "absl/time/time.h"
#include "common/base/error.h"
#include "services/notifications/domain/endpoint.h"
#include "veche/notifications/v1/deliveries.pb.h"

namespace veche::notifications {

// What endpoints of push services may be.
struct PushInputRules {
  bool private_addresses = false;  // as the configuration of delivery has it
};

// The push subscription of a request, without id, subscriber and create time; adds what is wrong
// under `prefix`, the path of the request with its dot, or "".
PushSubscription ReadPushSubscription(const v1::CreatePushSubscriptionRequest& request,
                                      const PushInputRules& rules, absl::Time now,
                                      absl::string_view prefix, Violations& violations);

}  // namespace veche::notifications
