#include "services/gateway/calls/http_metrics.h"

#include "absl/strings/str_cat.h"
#include "common/observe/metrics.h"

namespace veche::gateway {
namespace {

prometheus::Gauge& Gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

RouteMetrics::RouteMetrics(prometheus::Registry& registry, absl::string_view route,
                           absl::string_view method)
    : route_(route),
      method_(method),
      requests_(prometheus::BuildCounter()
                    .Name("veche_http_requests_total")
                    .Help("HTTP requests answered, by route, method and status")
                    .Register(registry)),
      seconds_(prometheus::BuildHistogram()
                   .Name("veche_http_seconds")
                   .Help("Time from a request's head to its answer")
                   .Register(registry)
                   .Add({{"route", route_}, {"method", method_}}, observe::LatencyBuckets())),
      in_flight_(prometheus::BuildGauge()
                     .Name("veche_http_in_flight")
                     .Help("HTTP requests being answered, open streams included")
                     .Register(registry)
                     .Add({{"route", route_}, {"method", method_}})) {}

void RouteMetrics::Finished(int status, absl::Duration duration) {
  seconds_.Observe(absl::ToDoubleSeconds(duration));
  FinishedUntimed(status);
}

void RouteMetrics::FinishedUntimed(int status) {
  const int index = status - kFirstStatus;
  if (index < 0 || index >= kStatuses) return;
  prometheus::Counter* counter = by_status_[index].load(std::memory_order_acquire);
  if (counter == nullptr) {
    // Concurrent first uses get the same counter from the family.
    counter =
        &requests_.Add({{"route", route_}, {"method", method_}, {"code", absl::StrCat(status)}});
    by_status_[index].store(counter, std::memory_order_release);
  }
  counter->Increment();
}

ServerMetrics::ServerMetrics(prometheus::Registry& registry)
    : connections(Gauge(registry, "veche_http_connections", "Open HTTP connections")),
      streams(Gauge(registry, "veche_http_streams", "Open event streams")),
      hedges(prometheus::BuildCounter()
                 .Name("veche_http_hedged_calls_total")
                 .Help("Calls for which another replica was asked too")
                 .Register(registry)
                 .Add({})) {}

}  // namespace veche::gateway
