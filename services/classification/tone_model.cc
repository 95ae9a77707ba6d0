#include "services/classification/tone_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "services/classification/tone_features.h"

namespace veche::classification {
namespace {

// Sums of one block of features.
struct Sums {
  std::array<int32_t, kToneHeads> sums = {};
  int32_t count = 0;

  void Add(const int8_t* weights) {
    for (size_t head = 0; head < kToneHeads; ++head) sums[head] += weights[head];
    ++count;
  }
  float Share(size_t head) const {
    return count == 0 ? 0 : static_cast<float>(sums[head]) / std::sqrt(static_cast<float>(count));
  }
};

}  // namespace

absl::StatusOr<ToneModel> ToneModel::Parse(absl::string_view bytes) {
  if (bytes.size() != kToneBytes || bytes.substr(0, kToneMagic.size()) != kToneMagic) {
    return absl::InvalidArgumentError("this is no model of tone");
  }
  std::array<Head, kToneHeads> heads;
  std::memcpy(heads.data(), bytes.data() + kToneMagic.size(), sizeof(heads));
  return ToneModel(reinterpret_cast<const int8_t*>(bytes.data() + kToneHeader), heads[0], heads[1]);
}

Tone ToneModel::Judge(const WordScan& scan) const {
  if (scan.words.empty()) return {};
  Tone tone = {.toxicity = -100, .spam = 0};
  int passages = 0;
  for (size_t first = 0; first < scan.words.size();) {
    const size_t end = EndOfTonePassage(scan, first);
    Sums words, pieces;
    ForEachToneFeature(
        scan, first, end, [&](uint32_t bucket) { words.Add(weights_ + bucket * kToneHeads); },
        [&](uint32_t bucket) { pieces.Add(weights_ + bucket * kToneHeads); });
    const auto odds = [&](size_t head, const Head& of) {
      return of.scale * (words.Share(head) + kTonePieceShare * pieces.Share(head)) + of.bias;
    };
    tone.toxicity = std::max<double>(tone.toxicity, odds(0, toxicity_));
    tone.spam += odds(1, spam_);
    ++passages;
    first = end;
  }
  tone.spam /= passages;
  return tone;
}

}  // namespace veche::classification
