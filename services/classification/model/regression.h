#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/types/span.h"
#include "services/classification/model/combination.h"
#include "services/classification/model/vocabulary.h"

namespace veche::classification {

// The columns of a head in a row of weights.
struct Columns {
  size_t begin = 0;
  size_t count = 0;  // zero: the head has no weights
};

// The layout of the weights: one row of `stride` numbers for each feature, with all heads.
struct Layout {
  std::array<Columns, kHeads> heads;
  size_t stride = 0;  // a multiple of 32, so that loops over a row need no tail
};
Layout MakeLayout(const std::array<size_t, kHeads>& labels);

inline constexpr int32_t kNoLabel = -1;

// A training text.
struct TrainingText {
  absl::Span<const Term> terms;
  std::array<int32_t, kHeads> labels = {kNoLabel, kNoLabel, kNoLabel};
  float weight = 1;
};

struct RegressionOptions {
  float cost = 15;  // of a text's log loss, against half the squared weights
  int rounds = 10;
  std::function<bool()> cancelled = {};  // called each round; true ends the training
};

// Trains the softmax regressions of all heads at once: minimises half the sum of squares of the
// weights plus cost * weight * log loss over the texts, by stochastic coordinate ascent on the dual
// problem (Shalev-Shwartz and Zhang, "Proximal stochastic dual coordinate ascent", 2012). Returns
// features + 1 rows; the last is the bias. The same texts in the same order give the same weights.
std::vector<float> TrainRegression(absl::Span<const TrainingText> texts, size_t features,
                                   const Layout& layout, const RegressionOptions& options);

// The scores of a text: `stride` sums.
void Score(absl::Span<const float> weights, const Layout& layout, absl::Span<const Term> terms,
           std::vector<float>& sums);

}  // namespace veche::classification
