#include "common/observe/metrics.h"

#include <prometheus/text_serializer.h>

namespace veche::observe {
namespace {

prometheus::Family<prometheus::Counter>& CallsFamily(prometheus::Registry& registry) {
  return prometheus::BuildCounter()
      .Name("veche_rpc_calls_total")
      .Help("Calls answered, by code.")
      .Register(registry);
}

prometheus::Family<prometheus::Histogram>& SecondsFamily(prometheus::Registry& registry) {
  return prometheus::BuildHistogram()
      .Name("veche_rpc_seconds")
      .Help("Time from a call's arrival to its answer.")
      .Register(registry);
}

prometheus::Family<prometheus::Gauge>& InFlightFamily(prometheus::Registry& registry) {
  return prometheus::BuildGauge()
      .Name("veche_rpc_in_flight")
      .Help("Calls that wait or run, and open streams.")
      .Register(registry);
}

}  // namespace

CallMetrics::CallMetrics(prometheus::Registry& registry, absl::string_view service,
                         absl::string_view method)
    : service_(service),
      method_(method),
      calls_(CallsFamily(registry)),
      seconds_(SecondsFamily(registry).Add({{"service", service_}, {"method", method_}},
                                           LatencyBuckets())),
      in_flight_(InFlightFamily(registry).Add({{"service", service_}, {"method", method_}})) {}

void CallMetrics::Finished(absl::StatusCode code, absl::Duration duration) {
  seconds_.Observe(absl::ToDoubleSeconds(duration));
  FinishedUntimed(code);
}

void CallMetrics::FinishedUntimed(absl::StatusCode code) {
  in_flight_.Decrement();
  CounterOf(code).Increment();
}

prometheus::Counter& CallMetrics::CounterOf(absl::StatusCode code) {
  size_t index = static_cast<size_t>(code);
  if (index >= kCodes) index = static_cast<size_t>(absl::StatusCode::kUnknown);
  prometheus::Counter* counter = by_code_[index].load(std::memory_order_acquire);
  if (counter == nullptr) {
    // Two threads that race here get the same counter from the family.
    counter = &calls_.Add({{"service", service_},
                           {"method", method_},
                           {"code", std::string(CodeName(static_cast<absl::StatusCode>(index)))}});
    by_code_[index].store(counter, std::memory_order_release);
  }
  return *counter;
}

prometheus::Gauge& QueueGauge(prometheus::Registry& registry, absl::string_view service) {
  return prometheus::BuildGauge()
      .Name("veche_rpc_queue")
      .Help("Calls that wait for a worker.")
      .Register(registry)
      .Add({{"service", std::string(service)}});
}

const prometheus::Histogram::BucketBoundaries& LatencyBuckets() {
  static const auto& buckets = *new prometheus::Histogram::BucketBoundaries{
      0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
      0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};
  return buckets;
}

absl::string_view CodeName(absl::StatusCode code) {
  static constexpr std::array<absl::string_view, 17> kNames = {"OK",
                                                               "CANCELLED",
                                                               "UNKNOWN",
                                                               "INVALID_ARGUMENT",
                                                               "DEADLINE_EXCEEDED",
                                                               "NOT_FOUND",
                                                               "ALREADY_EXISTS",
                                                               "PERMISSION_DENIED",
                                                               "RESOURCE_EXHAUSTED",
                                                               "FAILED_PRECONDITION",
                                                               "ABORTED",
                                                               "OUT_OF_RANGE",
                                                               "UNIMPLEMENTED",
                                                               "INTERNAL",
                                                               "UNAVAILABLE",
                                                               "DATA_LOSS",
                                                               "UNAUTHENTICATED"};
  const auto index = static_cast<size_t>(code);
  return index < kNames.size() ? kNames[index] : "UNKNOWN";
}

std::string RenderMetrics(const prometheus::Registry& registry) {
  return prometheus::TextSerializer().Serialize(registry.Collect());
}

}  // namespace veche::observe
