#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/classification/classifier/classifier.h"
#include "veche/config/v1/config.pb.h"

namespace veche::classification {

// How this city learns, and when it acts on a suggestion: config.v1.Learning and
// config.v1.Classification with their defaults.
struct LearningOptions {
  absl::TimeZone zone = absl::UTCTimeZone();
  std::optional<int> nightly_hour = 3;  // in the city's time zone; nullopt: never
  int nightly_decisions = 200;
  bool promote_automatically = false;
  double shadow_share = 1;
  double staff_share = 0.05;
  int most_decisions = 20'000;
  int drift_window = 1000;
  double category_mix_limit = 0.25;
  double abstained_limit = 0.6;
  double agreement_limit = 0.6;
  double wrong_cost = kDefaultWrongCost;
};

// InvalidArgument with the name of the invalid setting.
absl::StatusOr<LearningOptions> ReadOptions(const config::v1::Config& config);

}  // namespace veche::classification
