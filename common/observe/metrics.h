#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace veche::observe {

// The metrics of one RPC method: veche_rpc_calls_total by code, veche_rpc_seconds,
// veche_rpc_in_flight. Each metric is looked up once, so that a call costs only a few atomic
// operations. `registry` must outlive the object. Thread-safe.
class CallMetrics {
 public:
  CallMetrics(prometheus::Registry& registry, absl::string_view service, absl::string_view method);

  void Started() { in_flight_.Increment(); }
  // Each Started() must be followed by exactly one of the next two. FinishedUntimed is for streams,
  // which last as long as the client wants.
  void Finished(absl::StatusCode code, absl::Duration duration);
  void FinishedUntimed(absl::StatusCode code);

 private:
  static constexpr size_t kCodes = 17;

  prometheus::Counter& CounterOf(absl::StatusCode code);

  const std::string service_;
  const std::string method_;
  prometheus::Family<prometheus::Counter>& calls_;
  prometheus::Histogram& seconds_;
  prometheus::Gauge& in_flight_;
  std::array<std::atomic<prometheus::Counter*>, kCodes> by_code_ = {};  // set at first use
};

// veche_rpc_queue{service}: calls that wait for a worker.
prometheus::Gauge& QueueGauge(prometheus::Registry& registry, absl::string_view service);

// Upper bounds, in seconds, of every latency histogram: 0.1 ms to 10 s.
const prometheus::Histogram::BucketBoundaries& LatencyBuckets();

// The name of a code as gRPC spells it: "NOT_FOUND"; "UNKNOWN" for any other number.
absl::string_view CodeName(absl::StatusCode code);

// All metrics in Prometheus' text format, for the operator's port.
std::string RenderMetrics(const prometheus::Registry& registry);

}  // namespace veche::observe
