#pragma once

#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/clock.h"
#include "common/events/consumer.h"
#include "common/observe/telemetry.h"
#include "services/appeals/storage/store.h"

namespace veche::appeals {

// Notes on appeals the polls and initiatives that they led to, each once, from the event log of
// polling. That log names a poll when it opens and an initiative when the public can read it, so
// no draft becomes known here. Thread-safe.
class OutcomeIntake {
 public:
  // `store`, `clock` and what the telemetry holds must outlive it.
  OutcomeIntake(Store& store, const Clock& clock, observe::Telemetry telemetry)
      : store_(store), clock_(clock), telemetry_(std::move(telemetry)) {}

  // For events::Consumer. An event that cannot be read is logged and skipped; names of appeals that
  // do not exist are skipped.
  absl::StatusOr<events::Effect> Decide(absl::Span<const events::Event> batch) const;

 private:
  Store& store_;
  const Clock& clock_;
  const observe::Telemetry telemetry_;
};

}  // namespace veche::appeals
