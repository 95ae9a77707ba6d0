#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "services/classification/model/combination.h"

// Small regressions that calibrate scores to probabilities.

namespace veche::classification {

// A text with its candidate labels, of which one is right.
struct Choice {
  std::vector<float> evidence;       // [candidate][factor]
  std::vector<uint32_t> candidates;  // labels; each label has a bias
  size_t right = 0;                  // index in `candidates`
  float weight = 1;
};

struct ChoiceModel {
  std::vector<float> factors;  // of the evidence
  std::vector<float> bias;     // by label
};

// Fits factors and biases by maximum likelihood: the right candidates in a softmax of
// factors * evidence + bias. Ridge penalties keep biases near zero and factors near `start`, within
// a fifth of it and three times it. REQUIRES: every factor of `start` is above zero.
ChoiceModel FitChoices(absl::Span<const Choice> choices, size_t labels, std::vector<float> start);

// Fits how sure first answers with these probabilities really are. The prior `before` weighs as
// much as about two hundred answers. The slope is at most 1, so that a nearly certain answer does
// not become more certain.
Confidence FitConfidence(absl::Span<const std::pair<float, bool>> answers,
                         absl::Span<const float> weights, const Confidence& before);

}  // namespace veche::classification
