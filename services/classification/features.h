#pragma once

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/text/tokenize.h"

namespace veche::classification {

// One occurrence of a feature. Features are hashes; the lowest bit tells the block: 0 for words
// (stems and pairs of stems), 1 for letters (n-grams inside a word and its borders).
struct Feature {
  uint32_t hash = 0;
  uint32_t first_token = 0;  // the words it comes from
  uint32_t last_token = 0;
};

struct FeatureText {
  std::vector<text::Token> tokens;  // point into the text
  std::vector<Feature> features;
};

// What the model sees of a text: its first 2,000 words. Any bytes; linear time; thread-safe.
// Changing anything here makes old model files worthless: raise kFeatureSet with it.
FeatureText ExtractFeatures(absl::string_view text);

// Names the way features are made; a model file of another one is refused.
inline constexpr uint32_t kFeatureSet = 1;

}  // namespace veche::classification
