#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/classification/model/features.h"
#include "services/classification/model/regression.h"
#include "services/classification/model/vocabulary.h"

namespace veche::classification {

// A training text with its features.
struct PreparedText {
  std::vector<Feature> features;
  std::array<int32_t, kHeads> labels = {kNoLabel, kNoLabel, kNoLabel};
  float weight = 1;
};

struct FitOptions {
  size_t max_features = 50'000;
  RegressionOptions regression;
};

// A vocabulary and the weights of its features.
struct LinearFit {
  std::vector<uint32_t> hashes;
  std::vector<float> rarity;
  std::vector<float> weights;  // as TrainRegression returns them
};

// Trains a linear model: trains the features of at least two texts (one, where texts are few) for a
// few rounds, keeps the `max_features` with the most weight, and trains those fully. Deterministic.
// The result of a cancelled training must not be used.
LinearFit FitLinear(absl::Span<const PreparedText* const> texts, const Layout& layout,
                    const FitOptions& options);

}  // namespace veche::classification
