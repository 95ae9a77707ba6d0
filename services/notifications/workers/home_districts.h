#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/consumer.h"
#include "common/observe/telemetry.h"
#include "services/notifications/storage/subscription_store.h"

namespace veche::notifications {

// Keeps the home districts of subscriptions current from the event log of identity. Thread-safe.
class HomeDistricts {
 public:
  // All must outlive the object. `on_change` is called after each commit that changed home
  // districts, on any thread; it must be quick.
  HomeDistricts(SubscriptionStore& store, observe::Telemetry& telemetry,
                std::function<void()> on_change);

  // For events::Consumer.
  absl::StatusOr<events::Effect> Decide(absl::Span<const events::Event> batch);

 private:
  SubscriptionStore& store_;
  observe::Telemetry& telemetry_;
  const std::function<void()> on_change_;
};

}  // namespace veche::notifications
