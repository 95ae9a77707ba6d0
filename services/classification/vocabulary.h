#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/classification/features.h"

namespace veche::classification {

// A feature of a text by its place in the vocabulary, with its weight in the text.
struct Term {
  uint32_t index = 0;
  float value = 0;
};

// The features that a model knows, each with its rarity. Immutable, thread-safe.
class Vocabulary {
 public:
  // REQUIRES: `hashes` strictly ascending, `idf` of the same length.
  Vocabulary(std::vector<uint32_t> hashes, std::vector<float> idf);

  static constexpr uint32_t kAbsent = 0xFFFFFFFF;
  uint32_t Find(uint32_t hash) const;

  // TF-IDF with each block at length one; ascending by index. Features outside the vocabulary are
  // left out.
  std::vector<Term> Vectorize(absl::Span<const Feature> features) const;

  size_t size() const { return hashes_.size(); }
  absl::Span<const uint32_t> hashes() const { return hashes_; }
  absl::Span<const float> idf() const { return idf_; }

 private:
  std::vector<uint32_t> hashes_;
  std::vector<float> idf_;
  std::vector<uint32_t> first_;  // by the upper 16 bits: where these hashes begin
};

}  // namespace veche::classification
