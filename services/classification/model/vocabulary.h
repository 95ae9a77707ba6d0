#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "services/classification/model/features.h"

namespace veche::classification {

// A feature of a text: its index in the vocabulary and its weight in the text.
struct Term {
  uint32_t index = 0;
  float value = 0;
};

// The features of a model, each with its rarity (idf). Immutable, thread-safe.
class Vocabulary {
 public:
  // REQUIRES: `hashes` strictly ascending, `rarity` of the same length; both outlive the
  // vocabulary.
  Vocabulary(absl::Span<const uint32_t> hashes, absl::Span<const float> rarity);

  static constexpr uint32_t kAbsent = 0xFFFFFFFF;
  uint32_t Find(uint32_t hash) const {
    // Most features of a text are not in the vocabulary: a small bitmap rules them out without a
    // cache miss.
    const uint32_t bit = hash >> kBitShift;
    if ((present_[bit / 64] >> (bit % 64) & 1) == 0) return kAbsent;
    const uint32_t bucket = hash >> kShift;
    for (uint32_t i = first_[bucket]; i < first_[bucket + 1]; ++i) {
      if (hashes_[i] == hash) return i;
    }
    return kAbsent;
  }

  // The text's vector: each known occurrence of a feature adds rarity times position weight; then
  // each block is scaled to unit length. Ascending by index, each index once.
  std::vector<Term> Vectorize(absl::Span<const Feature> features) const;

  size_t size() const { return hashes_.size(); }
  absl::Span<const uint32_t> hashes() const { return hashes_; }
  absl::Span<const float> rarity() const { return rarity_; }

 private:
  static constexpr int kShift = 16;     // leaves 2^16 buckets
  static constexpr int kBitShift = 13;  // leaves 2^19 bits

  absl::Span<const uint32_t> hashes_;
  absl::Span<const float> rarity_;
  std::vector<uint64_t> present_;  // by the upper bits: whether there are such hashes
  std::vector<uint32_t> first_;    // by the upper bits: where these hashes begin
};

// The weight of the block of n-grams relative to the block of words.
inline constexpr float kLetterShare = 0.7f;

}  // namespace veche::classification
