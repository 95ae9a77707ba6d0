#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/domain/delivery.h"

namespace veche::notifications {

// The metrics of a channel. `registry` must outlive the object. Thread-safe.
class DeliveryMetrics {
 public:
  DeliveryMetrics(prometheus::Registry& registry, Channel channel);

  // An attempt ended in `state`; kQueued: it will be repeated. `age`: since the delivery was
  // written.
  void Count(DeliveryState state, absl::Duration age);
  void CountPostponed() { postponed_.Increment(); }
  void SetInMemory(size_t count) { in_memory_.Set(static_cast<double>(count)); }
  void SetOpenCircuits(size_t count) { open_circuits_.Set(static_cast<double>(count)); }

 private:
  prometheus::Counter& sent_;
  prometheus::Counter& retried_;
  prometheus::Counter& postponed_;
  prometheus::Counter& failed_;
  prometheus::Counter& dead_;
  prometheus::Histogram& seconds_;
  prometheus::Gauge& in_memory_;
  prometheus::Gauge& open_circuits_;
};

}  // namespace veche::notifications
