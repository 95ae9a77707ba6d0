#include "services/classification/model/scorer.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

#include "services/classification/model/features.h"
#include "services/classification/model/vector_loops.h"

namespace veche::classification {
namespace {

constexpr size_t kCachedWords = 2'048;  // a power of two

struct RowFactor {
  uint32_t row;
  float factor;
};

VECHE_VECTORISED void AddRows(const RowFactor* list, size_t count, const int8_t* rows,
                              size_t stride, float* __restrict sums) {
  constexpr size_t kAhead = 6;
  for (size_t i = 0; i < count; ++i) {
#if defined(__GNUC__)
    if (i + kAhead < count) {
      const int8_t* next = rows + size_t{list[i + kAhead].row} * stride;
      __builtin_prefetch(next);
      __builtin_prefetch(next + 64);
    }
#endif
    const int8_t* __restrict row = rows + size_t{list[i].row} * stride;
    const float factor = list[i].factor;
    for (size_t c = 0; c < stride; ++c) sums[c] += factor * static_cast<float>(row[c]);
  }
}

VECHE_VECTORISED void AddFloats(const float* __restrict values, float factor, size_t stride,
                                float* __restrict sums) {
  for (size_t c = 0; c < stride; ++c) sums[c] += factor * values[c];
}

struct CachedWord {
  uint64_t key = 0;
  uint32_t stem = 0;
  uint32_t stem_row = Vocabulary::kAbsent;
  float square = 0;  // of the n-grams of its letters
};

// The buffers of a thread, and its cache of words.
class Scratch {
 public:
  uint64_t serial = 0;
  SeenSet seen;

  void Prepare(const Weights& weights, const std::vector<RowUse>& uses, uint64_t new_serial) {
    if (serial != new_serial) {
      serial = new_serial;
      words_.assign(kCachedWords, {});
      letters_.resize(kCachedWords * weights.layout.stride);
    }
    weights_ = &weights;
    uses_ = uses.data();
    for (std::vector<float>& block : sums_) block.assign(weights.layout.stride, 0.0f);
    squares_ = {0, 0};
    words = known = latin = 0;
    for (std::vector<RowFactor>& block : rows_) block.clear();
  }

  // The sink of WalkFeatures.
  uint32_t Stem(const Word& word, uint64_t key) {
    const size_t slot = key & (kCachedWords - 1);
    current_ = &words_[slot];
    current_letters_ = letters_.data() + slot * weights_->layout.stride;
    if (current_->key != key) Learn(word, key);
    return current_->stem;
  }
  void AddWord(const Word& word, uint32_t, size_t index) {
    const float place = PositionWeight(index);
    ++words;
    latin += word.latin ? 1 : 0;
    if (current_->stem_row != Vocabulary::kAbsent) {
      ++known;
      AddRow(0, current_->stem_row, place);
    }
    AddFloats(current_letters_, place, weights_->layout.stride, sums_[1].data());
    squares_[1] += current_->square * place * place;
  }
  void AddBetween(uint32_t feature, size_t index) {
    const uint32_t row = weights_->vocabulary->Find(feature);
    if (row != Vocabulary::kAbsent) AddRow(feature & 1, row, PositionWeight(index));
  }

  void Finish(std::vector<float>& scores) {
    const size_t stride = weights_->layout.stride;
    scores.assign(weights_->biases.begin(), weights_->biases.end());
    for (size_t block = 0; block < 2; ++block) {
      AddRows(rows_[block].data(), rows_[block].size(), weights_->rows.data(), stride,
              sums_[block].data());
      if (squares_[block] <= 0) continue;
      const float share = block == 0 ? 1.0f : kLetterShare;
      AddFloats(sums_[block].data(), share / std::sqrt(squares_[block]), stride, scores.data());
    }
  }

  size_t words = 0, known = 0, latin = 0;

 private:
  void AddRow(size_t block, uint32_t row, float place) {
    const RowUse& use = uses_[row];
    squares_[block] += use.rarity * use.rarity * place * place;
    rows_[block].push_back({row, use.factor * place});
  }

  void Learn(const Word& word, uint64_t key) {
    const Vocabulary& vocabulary = *weights_->vocabulary;
    current_->key = key;
    current_->stem = StemFeature(word);
    current_->stem_row = vocabulary.Find(current_->stem);
    current_->square = 0;
    pieces_.clear();
    ForEachNgram(word, [&](uint32_t piece) {
      const uint32_t row = vocabulary.Find(piece);
      if (row == Vocabulary::kAbsent) return;
      current_->square += uses_[row].rarity * uses_[row].rarity;
      pieces_.push_back({row, uses_[row].factor});
    });
    std::fill_n(current_letters_, weights_->layout.stride, 0.0f);
    AddRows(pieces_.data(), pieces_.size(), weights_->rows.data(), weights_->layout.stride,
            current_letters_);
  }

  const Weights* weights_ = nullptr;
  const RowUse* uses_ = nullptr;
  std::vector<CachedWord> words_;
  std::vector<float> letters_;  // [word][stride]: the sums of its n-grams
  CachedWord* current_ = nullptr;
  float* current_letters_ = nullptr;
  std::vector<RowFactor> pieces_;
  std::array<std::vector<RowFactor>, 2> rows_;  // by block
  std::array<std::vector<float>, 2> sums_;
  std::array<float, 2> squares_ = {0, 0};
};

// A thread has caches for two models: the one in use and the candidate in shadow.
Scratch& ScratchOf(uint64_t serial) {
  thread_local std::array<Scratch, 2> scratches;
  thread_local size_t oldest = 0;
  for (Scratch& scratch : scratches) {
    if (scratch.serial == serial) return scratch;
  }
  oldest ^= 1;
  return scratches[oldest];
}

uint64_t NextSerial() {
  static std::atomic<uint64_t> serial{0};
  return ++serial;
}

}  // namespace

Scorer::Scorer(const Weights& weights) : weights_(weights), serial_(NextSerial()) {
  const absl::Span<const float> rarity = weights.vocabulary->rarity();
  uses_.reserve(rarity.size());
  for (size_t i = 0; i < rarity.size(); ++i) {
    uses_.push_back({rarity[i], rarity[i] * weights.scales[i]});
  }
}

void Scorer::Score(absl::string_view text, ScoredText& result) const {
  Scratch& scratch = ScratchOf(serial_);
  scratch.Prepare(weights_, uses_, serial_);
  WalkFeatures(text, scratch.seen, scratch);
  scratch.Finish(result.scores);
  result.words = scratch.words;
  result.known = scratch.known;
  result.latin = scratch.latin;
}

void Scorer::Forget() const { ScratchOf(serial_).serial = 0; }

}  // namespace veche::classification
