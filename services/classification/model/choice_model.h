#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "services/classification/model/combination.h"

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
// factors * evidence + bias; biases are held near zero, factors between a fifth of the first guess
// and three times that. `start` is the first guess of factors, each above zero.
ChoiceModel FitChoices(absl::Span<const Choice> choices, size_t labels, std::vector<float> start);

// How sure first answers with these probabilities really are, from what is believed `before`, which
// weighs as much as some two hundred answers. The slope is at most 1: an answer that is nearly
// certain does not become more so.
Confidence FitConfidence(absl::Span<const std::pair<float, bool>> answers,
                         absl::Span<const float> weights, const Confidence& before);

}  // namespace veche::classification
