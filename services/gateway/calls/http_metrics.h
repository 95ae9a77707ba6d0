#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace veche::gateway {

// The metrics of one route: veche_http_requests_total{route, method, code},
// veche_http_seconds{route, method} and veche_http_in_flight{route, method}. Thread-safe.
class RouteMetrics {
 public:
  // `registry` must outlive the metrics.
  RouteMetrics(prometheus::Registry& registry, absl::string_view route, absl::string_view method);

  // A request is in flight between Began and Finished.
  void Began() { in_flight_.Increment(); }
  void Ended() { in_flight_.Decrement(); }
  void Finished(int status, absl::Duration duration);
  // Streams without end are not timed.
  void FinishedUntimed(int status);

 private:
  static constexpr int kFirstStatus = 100;
  static constexpr int kStatuses = 500;

  const std::string route_;
  const std::string method_;
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Histogram& seconds_;
  prometheus::Gauge& in_flight_;
  std::array<std::atomic<prometheus::Counter*>, kStatuses> by_status_ = {};  // made at first use
};

// Metrics of the whole server: veche_http_connections, veche_http_streams,
// veche_http_hedged_calls_total.
struct ServerMetrics {
  explicit ServerMetrics(prometheus::Registry& registry);
  prometheus::Gauge& connections;
  prometheus::Gauge& streams;
  prometheus::Counter& hedges;
};

}  // namespace veche::gateway
