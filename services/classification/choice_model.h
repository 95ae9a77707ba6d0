#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "services/classification/combination.h"

// Small regressions that learn how far scores can be trusted.

namespace veche::classification {

// A text whose label is known among some candidates.
struct Choice {
  std::vector<float> evidence;       // [candidate][factor]
  std::vector<uint32_t> candidates;  // labels; each has a bias of its own
  size_t right = 0;                  // index in `candidates`
  float weight = 1;
};

struct ChoiceModel {
  std::vector<float> factors;  // of the evidence
  std::vector<float> bias;     // by label
};

// The factors and biases under which the right candidates are most probable in a softmax of
// factors * evidence + bias; biases are held near zero. `start` is the first guess of factors.
ChoiceModel FitChoices(absl::Span<const Choice> choices, size_t labels, std::vector<float> start);

// How sure first answers with these probabilities really are; the identity for too few.
Confidence FitConfidence(absl::Span<const std::pair<float, bool>> answers);

}  // namespace veche::classification
