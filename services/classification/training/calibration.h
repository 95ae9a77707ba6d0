#pragma once

#include <array>
#include <string>
#include <vector>

#include "services/classification/model/combination.h"
#include "services/classification/model/model.h"
#include "services/classification/model/places.h"
#include "services/classification/model/regression.h"

namespace veche::classification {

// A text with the scores of a model that was not trained on it.
struct HeldOut {
  PlacedLabels truth;
  int fold = 0;
  std::vector<float> scores;  // those of Score()
  float weight = 1;           // relative to the other texts
};

struct CalibrationTask {
  Layout layout;
  std::array<size_t, kHeads> labels;
  std::vector<uint32_t> group_of;   // topic → group
  std::vector<std::string> places;  // the first is ""
  DefaultDepartments defaults;
  int folds = 3;
};

struct Calibration {
  Combination combination;
  std::array<HeadReport, kHeads> heads;
};

// Fits on held-out texts how scores become probabilities. Priors keep the factors near usual
// values, and a nearly certain answer does not become more certain.
Calibration Calibrate(const CalibrationTask& task, const std::vector<HeldOut>& texts);

// The expected calibration error of first answers: probability and whether it was right, in
// `bins` of equal width.
double CalibrationError(absl::Span<const std::pair<float, bool>> answers, size_t bins = 15);

}  // namespace veche::classification
