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

// The push subscription of a request, without id, subscriber and create time; adds what is wrong.
// Also for devices without an account.
PushSubscription ReadPushSubscription(const v1::CreatePushSubscriptionRequest& request,
                                      const PushInputRules& rules, absl::Time now,
                                      Violations& violations);

}  // namespace veche::notifications
