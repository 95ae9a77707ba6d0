#pragma once

#include <cstddef>
#include <vector>

namespace veche::classification {

// The scores of an example by a model that has not seen it.
struct HeldOut {
  std::vector<float> scores;
  size_t label = 0;  // the right one
};

struct Calibration {
  float temperature = 1;     // under which the right labels are most probable
  float confident_from = 1;  // above it first answers reach the wished precision
  double accuracy = 0;       // of first answers
};

// Learns from held-out examples how far scores can be trusted. `confident_from` is above one when
// no part of the answers is good enough.
Calibration Calibrate(const std::vector<HeldOut>& answers, double precision);

}  // namespace veche::classification
