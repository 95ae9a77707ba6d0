#include "services/classification/model/features.h"

#include <algorithm>
#include <cmath>

#include "common/text/code_points.h"
#include "common/text/language.h"
#include "common/text/stem.h"
#include "services/classification/domain/tatar_stem.h"

namespace veche::classification {
namespace {

std::string ToUtf8(const Word& word) {
  std::string bytes;
  for (size_t i = 1; i <= word.size; ++i) text::AppendCodePoint(bytes, word.letters[i]);
  return bytes;
}

// A sink that records every feature.
class Recorder {
 public:
  Recorder(absl::string_view text, FeatureText& result) : text_(text), result_(result) {}

  uint32_t Stem(const Word& word, uint64_t) {
    result_.tokens.push_back({text_.substr(word.offset, word.length), ToUtf8(word)});
    return StemFeature(word);
  }
  void AddWord(const Word& word, uint32_t stem, size_t index) {
    const auto token = static_cast<uint32_t>(index);
    result_.features.push_back({stem, token, token});
    ForEachNgram(word, [&](uint32_t piece) { result_.features.push_back({piece, token, token}); });
  }
  void AddBetween(uint32_t feature, size_t index) {
    const auto token = static_cast<uint32_t>(index);
    result_.features.push_back({feature, token - 1, token});
  }

 private:
  absl::string_view text_;
  FeatureText& result_;
};

}  // namespace

uint32_t StemFeature(const Word& word) {
  const std::string folded = ToUtf8(word);
  const text::Language language = text::WordLanguage(folded);
  const std::string stem = language == text::Language::kTatar ? std::string(TatarStem(folded))
                                                              : text::Stem(folded, language);
  Hasher hasher{0xcbf29ce484222325ull};
  for (char c : stem) hasher.Add(static_cast<unsigned char>(c));
  return hasher.Finish() & ~1u;
}

uint64_t WordKey(const Word& word) {
  Hasher hasher{0x2545f4914f6cdd1dull};
  for (size_t i = 1; i <= word.size; ++i) hasher.Add(word.letters[i]);
  const uint64_t mixed = (hasher.state ^ (hasher.state >> 31)) * 0x9fb21c651e98df25ull;
  return mixed ^ (mixed >> 28);
}

float PositionWeight(size_t word_index) {
  // The best shape in cross-validation: one half at the 42nd word.
  constexpr float kFading = 30.0f;
  constexpr float kPower = -0.8f;
  static const std::vector<float> weights = [] {
    std::vector<float> built(kMaxWords);
    for (size_t i = 0; i < kMaxWords; ++i) {
      built[i] = std::pow(1.0f + static_cast<float>(i) / kFading, kPower);
    }
    return built;
  }();
  return weights[std::min(word_index, kMaxWords - 1)];
}

void SeenSet::Clear() {
  std::fill(slots_.begin(), slots_.end(), 0u);
  size_ = 0;
}

bool SeenSet::Insert(uint32_t hash) {
  if (hash == 0) hash = 1;
  const size_t mask = slots_.size() - 1;
  size_t slot = (hash >> 1) & mask;
  while (slots_[slot] != 0) {
    if (slots_[slot] == hash) return false;
    slot = (slot + 1) & mask;
  }
  slots_[slot] = hash;
  if (++size_ * 2 > slots_.size()) Grow();
  return true;
}

void SeenSet::Grow() {
  std::vector<uint32_t> old(slots_.size() * 2, 0);
  old.swap(slots_);
  size_ = 0;
  for (uint32_t hash : old) {
    if (hash != 0) Insert(hash);
  }
}

FeatureText ExtractFeatures(absl::string_view text) {
  FeatureText result;
  SeenSet seen;
  Recorder recorder(text, result);
  WalkFeatures(text, seen, recorder);
  return result;
}

}  // namespace veche::classification
