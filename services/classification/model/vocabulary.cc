#include "services/classification/model/vocabulary.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace veche::classification {

Vocabulary::Vocabulary(absl::Span<const uint32_t> hashes, absl::Span<const float> rarity)
    : hashes_(hashes), rarity_(rarity) {
  constexpr uint32_t kBuckets = uint32_t{1} << (32 - kShift);
  present_.resize((size_t{1} << (32 - kBitShift)) / 64);
  for (uint32_t hash : hashes_) {
    const uint32_t bit = hash >> kBitShift;
    present_[bit / 64] |= uint64_t{1} << (bit % 64);
  }
  first_.resize(kBuckets + 1);
  size_t i = 0;
  for (uint32_t bucket = 0; bucket <= kBuckets; ++bucket) {
    while (i < hashes_.size() && (hashes_[i] >> kShift) < bucket) ++i;
    first_[bucket] = static_cast<uint32_t>(i);
  }
}

std::vector<Term> Vocabulary::Vectorize(absl::Span<const Feature> features) const {
  std::vector<Term> terms;
  terms.reserve(features.size());
  std::array<double, 2> squares = {0, 0};  // by block
  for (const Feature& feature : features) {
    const uint32_t index = Find(feature.hash);
    if (index == kAbsent) continue;
    const float value = rarity_[index] * PositionWeight(feature.last_token);
    squares[feature.hash & 1] += double{value} * value;
    terms.push_back({index, value});
  }
  std::sort(terms.begin(), terms.end(),
            [](const Term& left, const Term& right) { return left.index < right.index; });
  std::array<float, 2> factors = {0, 0};
  for (size_t block = 0; block < 2; ++block) {
    if (squares[block] > 0) factors[block] = static_cast<float>(1 / std::sqrt(squares[block]));
  }
  factors[1] *= kLetterShare;
  size_t kept = 0;
  for (const Term& term : terms) {
    const float value = term.value * factors[hashes_[term.index] & 1];
    if (kept > 0 && terms[kept - 1].index == term.index) {
      terms[kept - 1].value += value;
    } else {
      terms[kept++] = {term.index, value};
    }
  }
  terms.resize(kept);
  return terms;
}

}  // namespace veche::classification
