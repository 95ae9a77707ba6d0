#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/classification/model/features.h"
#include "services/classification/model/regression.h"
#include "services/classification/model/vocabulary.h"

namespace veche::classification {

// A text ready to learn from.
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

// Learns from the texts: takes the features that at least two of them have (one, where texts are
// few), tries them all for a few rounds, keeps the `max_features` that weigh most, and trains these
// in earnest. Deterministic. What it returns when it was cancelled is of no use.
LinearFit FitLinear(absl::Span<const PreparedText* const> texts, const Layout& layout,
                    const FitOptions& options);

}  // namespace veche::classification
