#pragma once

#include <string>
#include <vector>

#include "services/classification/model/model.h"

namespace veche::classification {

// The words and phrases of a text that decided for or against a topic, as written, strongest first.
struct Evidence {
  std::vector<std::string> pro;     // at most five words; neighbours form a phrase
  std::vector<std::string> contra;  // at most three
};

// Selects the evidence from the contributions of the words to one topic. Words that mean nothing to
// a reader («и», numbers) are left out; «не» stays with its word.
Evidence MakeEvidence(const Model::Explanation& explanation, size_t topic);

}  // namespace veche::classification
