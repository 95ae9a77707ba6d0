#include "services/notifications/workers/delivery_metrics.h"

#include <algorithm>

namespace veche::notifications {
namespace {

std::string NameOf(Channel channel) {
  switch (channel) {
    case Channel::kWebPush:
      return "web_push";
    case Channel::kContact:
      return "contact";
    case Channel::kWebhook:
      break;
  }
  return "webhook";
}

prometheus::Counter& Counter(prometheus::Registry& registry, Channel channel, const char* result) {
  return prometheus::BuildCounter()
      .Name("veche_deliveries_total")
      .Help("Attempts of deliveries, by channel and result.")
      .Register(registry)
      .Add({{"channel", NameOf(channel)}, {"result", result}});
}

}  // namespace

DeliveryMetrics::DeliveryMetrics(prometheus::Registry& registry, Channel channel)
    : sent_(Counter(registry, channel, "sent")),
      retried_(Counter(registry, channel, "retried")),
      postponed_(Counter(registry, channel, "postponed")),
      failed_(Counter(registry, channel, "failed")),
      dead_(Counter(registry, channel, "dead")),
      seconds_(prometheus::BuildHistogram()
                   .Name("veche_delivery_seconds")
                   .Help("Time from when a delivery was written until its provider accepted it.")
                   .Register(registry)
                   .Add({{"channel", NameOf(channel)}},
                        prometheus::Histogram::BucketBoundaries{0.1, 0.5, 1, 5, 15, 60, 300, 1800,
                                                                7200, 43200})),
      in_memory_(prometheus::BuildGauge()
                     .Name("veche_deliveries_in_memory")
                     .Help("Deliveries that wait for their provider or its answer.")
                     .Register(registry)
                     .Add({{"channel", NameOf(channel)}})),
      open_circuits_(prometheus::BuildGauge()
                         .Name("veche_delivery_open_circuits")
                         .Help("Providers that are left alone because they fail.")
                         .Register(registry)
                         .Add({{"channel", NameOf(channel)}})) {}

void DeliveryMetrics::Count(DeliveryState state, absl::Duration age) {
  switch (state) {
    case DeliveryState::kQueued:
    case DeliveryState::kSending:
      return retried_.Increment();
    case DeliveryState::kSent:
      seconds_.Observe(std::max(0.0, absl::ToDoubleSeconds(age)));
      return sent_.Increment();
    case DeliveryState::kFailed:
      return failed_.Increment();
    case DeliveryState::kDead:
      return dead_.Increment();
  }
}

}  // namespace veche::notifications
