#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/consumer.h"
#include "common/observe/telemetry.h"
#include "services/classification/classifier/classifier.h"
#include "services/classification/learning/texts.h"
#include "services/classification/storage/example_store.h"

namespace veche::classification {

// Turns the appeals' events into routings and decisions, exactly once each. The candidate, when
// there is one, is asked about routed appeals here, behind the answer that it must not delay: at
// most a batch of events at a time, and a share of the appeals. Thread-safe.
class Intake {
 public:
  struct Options {
    double shadow_share = 1;  // of routed appeals, 0..1
  };
  // The candidate to ask; null for none.
  using Shadow = std::function<std::shared_ptr<const Classifier>()>;

  // `store`, `texts` and what the telemetry holds must outlive it.
  Intake(const Options& options, ExampleStore& store, TextSource& texts, Shadow shadow,
         observe::Telemetry telemetry)
      : options_(options),
        store_(store),
        texts_(texts),
        shadow_(std::move(shadow)),
        telemetry_(std::move(telemetry)) {}

  // For events::Consumer. An event that cannot be read is logged and passed over.
  absl::StatusOr<events::Effect> Decide(absl::Span<const events::Event> batch);

 private:
  void AskShadow(std::vector<Lesson>& lessons);

  const Options options_;
  ExampleStore& store_;
  TextSource& texts_;
  const Shadow shadow_;
  const observe::Telemetry telemetry_;
};

// Whether the share of appeals that are asked about holds this one: the same ones everywhere.
bool IsSampled(absl::string_view appeal, double share);

}  // namespace veche::classification
