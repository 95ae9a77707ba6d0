#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/consumer.h"
#include "common/observe/telemetry.h"
#include "services/classification/classifier/classifier.h"
#include "services/classification/learning/learning_event.h"
#include "services/classification/learning/texts.h"
#include "services/classification/storage/example_store.h"

namespace veche::classification {

// Stores routings and decisions from the events of appeals, each exactly once. The candidate in
// shadow is asked here about a share of the routed appeals, so that it does not delay routing.
// Thread-safe.
class Intake {
 public:
  struct Options {
    double shadow_share = 1;  // of routed appeals, 0..1
  };
  // Returns the candidate in shadow; null when there is none.
  using Shadow = std::function<std::shared_ptr<const Classifier>()>;

  // `store`, `texts` and what the telemetry holds must outlive it.
  Intake(const Options& options, ExampleStore& store, TextSource& texts, Shadow shadow,
         observe::Telemetry telemetry)
      : options_(options),
        store_(store),
        texts_(texts),
        shadow_(std::move(shadow)),
        telemetry_(std::move(telemetry)) {}

  // For events::Consumer. An event that cannot be read is logged and skipped.
  absl::StatusOr<events::Effect> Decide(absl::Span<const events::Event> batch);

 private:
  // Adds the candidate's suggestions to the routings.
  void AskShadow(std::vector<LearningEvent>& read);

  const Options options_;
  ExampleStore& store_;
  TextSource& texts_;
  const Shadow shadow_;
  const observe::Telemetry telemetry_;
};

// Whether the appeal is in the sample of this share of all appeals; the same in every process.
bool IsSampled(absl::string_view appeal, double share);

}  // namespace veche::classification
