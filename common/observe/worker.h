#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"

namespace veche::observe {

// Options of a worker called `name` that logs the exceptions of its step.
inline WorkerOptions LoggedWorker(std::string name, const Telemetry& telemetry) {
  auto log = [name, logger = telemetry.logger](absl::string_view what) {
    logger->Error("worker step threw", {{"worker", name}, {"error", what}});
  };
  return {.name = std::move(name), .on_exception = std::move(log)};
}

// The same for background work: no caller waits for it.
inline WorkerOptions LoggedBackgroundWorker(std::string name, const Telemetry& telemetry) {
  WorkerOptions options = LoggedWorker(std::move(name), telemetry);
  options.background = true;
  return options;
}

}  // namespace veche::observe
