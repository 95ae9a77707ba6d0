#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/classification/model/regression.h"
#include "services/classification/model/vocabulary.h"

namespace veche::classification {

// What a scorer sums up: one row of small numbers for each feature of the vocabulary.
struct Weights {
  Layout layout;
  const Vocabulary* vocabulary = nullptr;
  absl::Span<const int8_t> rows;   // [feature][stride]
  absl::Span<const float> scales;  // of each row
  absl::Span<const float> biases;  // `stride`
};

struct ScoredText {
  std::vector<float> scores;  // `stride`
  size_t words = 0;           // different ones
  size_t known = 0;           // of them, with a stem in the vocabulary
  size_t latin = 0;           // of them, in Latin letters
};

// What a feature counts in a text, and that times the unit of its row.
struct RowUse {
  float rarity = 0;
  float factor = 0;
};

// The linear scores of texts: the same as those of ExtractFeatures and Vectorize, without their
// lists. Each thread keeps the sums of the words that it met last (at most 2,048 words, under a
// megabyte), as words recur. Allocates nothing once a thread is warm. Immutable, thread-safe.
class Scorer {
 public:
  // What `weights` points to must outlive it.
  explicit Scorer(const Weights& weights);

  void Score(absl::string_view text, ScoredText& result) const;

  // Makes this thread forget its words; for measuring.
  void Forget() const;

 private:
  Weights weights_;
  std::vector<RowUse> uses_;  // of each row
  uint64_t serial_;           // tells the scorers of a process apart
};

}  // namespace veche::classification
