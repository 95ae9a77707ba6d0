#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/classification/model/regression.h"
#include "services/classification/model/vocabulary.h"

namespace veche::classification {

// The quantised weights of a model: one row for each feature of the vocabulary.
struct Weights {
  Layout layout;
  const Vocabulary* vocabulary = nullptr;
  absl::Span<const int8_t> rows;   // [feature][stride]
  absl::Span<const float> scales;  // of each row
  absl::Span<const float> biases;  // `stride`
};

struct ScoredText {
  std::vector<float> scores;  // `stride`
  size_t words = 0;           // distinct words
  size_t known = 0;           // of them, those with a stem in the vocabulary
  size_t latin = 0;           // of them, those in Latin letters
};

// The rarity of a feature, and its product with the scale of its row.
struct RowUse {
  float rarity = 0;
  float factor = 0;
};

// Computes the linear scores of texts: the same as by ExtractFeatures and Vectorize, without their
// lists. Each thread caches the sums of recent words (at most 2,048 words, less than a megabyte).
// Allocates nothing after the first calls of a thread. Immutable, thread-safe.
class Scorer {
 public:
  // What `weights` points to must outlive the scorer.
  explicit Scorer(const Weights& weights);

  void Score(absl::string_view text, ScoredText& result) const;

  // Clears this thread's cache of words; for benchmarks.
  void Forget() const;

 private:
  Weights weights_;
  std::vector<RowUse> uses_;  // of each row
  uint64_t serial_;           // identifies this scorer in the process
};

}  // namespace veche::classification
