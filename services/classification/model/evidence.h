#pragma once

#include <string>
#include <vector>

#include "services/classification/model/model.h"

namespace veche::classification {

// The words and phrases of a text that decided about a topic, as written, strongest first.
struct Evidence {
  std::vector<std::string> pro;     // at most five words; those beside each other are a phrase
  std::vector<std::string> contra;  // at most three
};

// From the contributions of one topic: words that tell a person nothing («и», numbers) are left
// out, whatever they weigh; a «не» stays with its word.
Evidence MakeEvidence(const Model::Explanation& explanation, size_t topic);

}  // namespace veche::classification
