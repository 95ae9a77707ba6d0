#include "services/classification/vocabulary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace veche::classification {
namespace {

constexpr uint32_t kBuckets = 1u << 16;

}  // namespace

Vocabulary::Vocabulary(std::vector<uint32_t> hashes, std::vector<float> idf)
    : hashes_(std::move(hashes)), idf_(std::move(idf)), first_(kBuckets + 1) {
  size_t i = 0;
  for (uint32_t bucket = 0; bucket <= kBuckets; ++bucket) {
    while (i < hashes_.size() && (hashes_[i] >> 16) < bucket) ++i;
    first_[bucket] = static_cast<uint32_t>(i);
  }
}

uint32_t Vocabulary::Find(uint32_t hash) const {
  const uint32_t bucket = hash >> 16;
  for (uint32_t i = first_[bucket]; i < first_[bucket + 1]; ++i) {
    if (hashes_[i] == hash) return i;
  }
  return kAbsent;
}

std::vector<Term> Vocabulary::Vectorize(absl::Span<const Feature> features) const {
  std::vector<uint32_t> found;
  found.reserve(features.size());
  for (const Feature& feature : features) {
    const uint32_t index = Find(feature.hash);
    if (index != kAbsent) found.push_back(index);
  }
  std::sort(found.begin(), found.end());
  std::vector<Term> terms;
  std::array<double, 2> squares = {0, 0};  // by block
  for (size_t i = 0; i < found.size();) {
    size_t end = i;
    while (end < found.size() && found[end] == found[i]) ++end;
    const float value = (1.0f + std::log(static_cast<float>(end - i))) * idf_[found[i]];
    squares[hashes_[found[i]] & 1] += static_cast<double>(value) * value;
    terms.push_back({found[i], value});
    i = end;
  }
  for (Term& term : terms) {
    term.value /= static_cast<float>(std::sqrt(squares[hashes_[term.index] & 1]));
  }
  return terms;
}

}  // namespace veche::classification
