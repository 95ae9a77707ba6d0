#include "services/classification/wording/wording_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

#include "services/classification/wording/wording_features.h"

namespace veche::classification {
namespace {

constexpr size_t kLongestEvidence = 5;  // words

WordingHeader HeaderOf(absl::string_view bytes) {
  WordingHeader header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  return header;
}

// Sums of one block of features.
struct Sums {
  std::array<int32_t, kWordingStride> sums = {};
  int32_t count = 0;

  void Add(const int8_t* weights) {
    for (size_t head = 0; head < kWordingStride; ++head) sums[head] += weights[head];
    ++count;
  }
};

struct Blocks {
  Sums words, pieces;
};

float Share(const Sums& from, const Sums& to, size_t head) {
  const int32_t count = to.count - from.count;
  if (count == 0) return 0;
  return static_cast<float>(to.sums[head] - from.sums[head]) / std::sqrt(static_cast<float>(count));
}

}  // namespace

// Prefix sums over the words of a passage, so that the sum of any part takes two look-ups.
struct WordingModel::Walk {
  size_t first;
  std::vector<Blocks> before;  // from `first` on
  WordingHeader header;

  Walk(const WordingModel& model, const WordScan& scan, const Passage& over)
      : first(over.first), before(over.last - over.first + 1), header(HeaderOf(model.bytes_)) {
    Blocks sums;
    uint64_t hash = HashBefore(scan, over.first);
    for (size_t i = over.first; i < over.last; ++i) {
      ForEachWordingFeature(
          scan, i, hash,
          [&](uint32_t bucket) { sums.words.Add(model.weights_ + bucket * kWordingStride); },
          [&](uint32_t bucket) { sums.pieces.Add(model.weights_ + bucket * kWordingStride); });
      before[i - over.first + 1] = sums;
    }
  }

  double Odds(size_t head, const Passage& passage) const {
    const Blocks& from = before[passage.first - first];
    const Blocks& to = before[passage.last - first];
    return header.heads[head].scale * (Share(from.words, to.words, head) +
                                       kWordingNgramShare * Share(from.pieces, to.pieces, head)) +
           header.heads[head].bias;
  }
};

WordingModel::WordingModel(absl::string_view bytes)
    : bytes_(bytes),
      weights_(reinterpret_cast<const int8_t*>(bytes.data() + sizeof(WordingHeader))),
      kind_weights_(weights_ + kWordingBuckets * kWordingStride) {}

absl::StatusOr<WordingModel> WordingModel::Parse(absl::string_view bytes) {
  if (bytes.size() != kWordingBytes || bytes.substr(0, kWordingMagic.size()) != kWordingMagic) {
    return absl::InvalidArgumentError("this is not a wording model");
  }
  return WordingModel(bytes);
}

Wording WordingModel::Judge(const WordScan& scan) const {
  Wording wording;
  if (scan.words.empty()) return wording;
  const Walk walk(*this, scan, {0, scan.words.size()});
  Tone& tone = wording.tone;
  tone.toxicity = -100;
  const std::vector<Passage> passages = CutIntoPassages(scan);
  for (const Passage& passage : passages) {
    tone.toxicity = std::max(tone.toxicity, walk.Odds(kToxicHead, passage));
    tone.spam += walk.Odds(kSpamHead, passage) / static_cast<double>(passages.size());
  }
  DangerousWording& danger = wording.danger;
  const std::vector<Passage> overlapping = OverlappingPassages(scan);
  for (const Passage& passage : overlapping) {
    const double odds = walk.Odds(kDangerHead, passage);
    if (odds <= danger.odds) continue;
    danger.odds = odds;
    danger.passage = passage;
  }
  // Of many passages one is more likely to sound dangerous by chance.
  danger.odds -= std::log(static_cast<double>(overlapping.size()));
  return wording;
}

std::string WordingModel::KindOf(const WordScan& scan, const Passage& passage) const {
  std::array<int32_t, kMostKinds> words = {}, pieces = {};
  int32_t word_count = 0, piece_count = 0;
  const auto add = [this](uint32_t bucket, std::array<int32_t, kMostKinds>& sums) {
    const int8_t* weights = kind_weights_ + bucket % kKindBuckets * kMostKinds;
    for (size_t kind = 0; kind < kMostKinds; ++kind) sums[kind] += weights[kind];
  };
  uint64_t hash = HashBefore(scan, passage.first);
  for (size_t i = passage.first; i < passage.last; ++i) {
    ForEachWordingFeature(
        scan, i, hash, [&](uint32_t bucket) { add(bucket, words), ++word_count; },
        [&](uint32_t bucket) { add(bucket, pieces), ++piece_count; });
  }
  const WordingHeader header = HeaderOf(bytes_);
  size_t best = 0;
  float highest = 0;
  for (size_t kind = 0; kind < kMostKinds && header.kinds[kind][0] != '\0'; ++kind) {
    const float score = header.kind_scale * (static_cast<float>(words[kind]) /
                                                 std::sqrt(std::max(1.0f, 1.0f * word_count)) +
                                             kWordingNgramShare * static_cast<float>(pieces[kind]) /
                                                 std::sqrt(std::max(1.0f, 1.0f * piece_count))) +
                        header.kind_bias[kind];
    if (kind != 0 && score <= highest) continue;
    highest = score;
    best = kind;
  }
  return std::string(header.kinds[best], strnlen(header.kinds[best], kKindName));
}

Passage WordingModel::Evidence(const WordScan& scan, const Passage& passage) const {
  const Walk walk(*this, scan, passage);
  const Blocks& all = walk.before.back();
  const double word_norm = std::sqrt(std::max(1, all.words.count));
  const double piece_norm = std::sqrt(std::max(1, all.pieces.count));
  const auto weight = [&](size_t word) {
    const Blocks& from = walk.before[word];
    const Blocks& to = walk.before[word + 1];
    return (to.words.sums[kDangerHead] - from.words.sums[kDangerHead]) / word_norm +
           kWordingNgramShare * (to.pieces.sums[kDangerHead] - from.pieces.sums[kDangerHead]) /
               piece_norm;
  };
  Passage best = {passage.first, passage.first + 1};
  double heaviest = weight(0);
  for (size_t first = 0; first + 1 < walk.before.size(); ++first) {
    double sum = 0;
    const size_t end = std::min(first + kLongestEvidence, walk.before.size() - 1);
    for (size_t last = first; last < end; ++last) {
      sum += weight(last);
      if (sum <= heaviest) continue;
      heaviest = sum;
      best = {passage.first + first, passage.first + last + 1};
    }
  }
  // The word «минус» has no place in the text, so its number is included.
  while (best.last < passage.last && scan.words[best.last - 1].length == 0) ++best.last;
  return best;
}

}  // namespace veche::classification
