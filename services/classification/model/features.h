#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/classification/domain/words.h"

// The features of a text are hashes. The lowest bit tells the block: 0 for words (stems and bigrams
// of stems), 1 for character n-grams (of three and four letters of a word with its borders, and
// across the border of two words). A feature counts once, however often it occurs in the text.
//
// A change here or in words.h invalidates existing model files: increase kFeatureSet with it.

namespace veche::classification {

// The version of the features; model files of another version are refused.
inline constexpr uint32_t kFeatureSet = 2;
inline constexpr size_t kMaxWords = 2'000;  // of a text; later ones are ignored
inline constexpr size_t kMinNgram = 3;
inline constexpr size_t kMaxNgram = 4;

// FNV-1a over letters.
struct Hasher {
  uint64_t state;
  void Add(char16_t letter) { state = (state ^ letter) * 0x100000001b3ull; }
  uint32_t Finish() const {
    uint64_t mixed = (state ^ (state >> 32)) * 0xd6e8feb86659fd93ull;
    mixed ^= mixed >> 29;
    return static_cast<uint32_t>(mixed >> 32);
  }
};

// The hash of the word's stem (Snowball for Russian and English, light stemmers for Ukrainian and
// Tatar). The word's letters decide on the stemmer, not the language of the text.
uint32_t StemFeature(const Word& word);

// A hash that identifies a folded word.
uint64_t WordKey(const Word& word);

inline uint32_t PairFeature(uint32_t left_stem, uint32_t right_stem) {
  const Hasher hasher{(uint64_t{left_stem} << 32 | right_stem) * 0x9ae16a3b2f90404full};
  return hasher.Finish() & ~1u;
}

// Calls add(feature) for each n-gram of the word and its borders.
template <typename Add>
void ForEachNgram(const Word& word, Add add) {
  const size_t letters = word.size + 2;
  for (size_t start = 0; start + kMinNgram <= letters; ++start) {
    Hasher hasher{0xc949d7c7509e6557ull};
    for (size_t i = 0; i + 1 < kMinNgram; ++i) hasher.Add(word.letters[start + i]);
    for (size_t i = kMinNgram - 1; i < kMaxNgram && start + i < letters; ++i) {
      hasher.Add(word.letters[start + i]);
      add(hasher.Finish() | 1u);
    }
  }
}

// Calls add(feature) for each n-gram of four letters across the border of two words: one, two and
// three letters before it.
template <typename Add>
void ForEachBorderNgram(const Word& left, const Word& right, Add add) {
  constexpr size_t kSpan = 4;
  for (size_t before = 1; before < kSpan; ++before) {
    Hasher hasher{0x51afd7ed558ccd6dull};
    const size_t first = left.size < before ? 1 : left.size + 1 - before;
    for (size_t i = first; i <= left.size; ++i) hasher.Add(left.letters[i]);
    hasher.Add(u' ');
    for (size_t i = 1; i <= kSpan - before && i <= right.size; ++i) hasher.Add(right.letters[i]);
    add(hasher.Finish() | 1u);
  }
}

// The weight of a word by its position: people begin with what matters.
float PositionWeight(size_t word_index);

// The set of hashes that occurred in a text.
class SeenSet {
 public:
  void Clear();
  bool Insert(uint32_t hash);  // false when it was there

 private:
  void Grow();
  std::vector<uint32_t> slots_ = std::vector<uint32_t>(1024, 0);
  size_t size_ = 0;
};

// Iterates over the distinct features of a text. `sink` has
//   uint32_t Stem(const Word&, uint64_t key)                  the word's StemFeature
//   void AddWord(const Word&, uint32_t stem, size_t index)    the same word, if new to the text
//   void AddBetween(uint32_t feature, size_t index)           of words index-1 and index
template <typename Sink>
void WalkFeatures(absl::string_view text, SeenSet& seen, Sink& sink) {
  seen.Clear();
  WordReader reader(text);
  Word words[2];
  uint32_t stems[2] = {0, 0};
  for (size_t index = 0; index < kMaxWords && reader.Next(words[index & 1]); ++index) {
    const Word& word = words[index & 1];
    const Word& before = words[(index & 1) ^ 1];
    const uint64_t key = WordKey(word);
    const uint32_t stem = stems[index & 1] = sink.Stem(word, key);
    if (seen.Insert(static_cast<uint32_t>(key >> 32))) sink.AddWord(word, stem, index);
    if (index == 0) continue;
    const auto add = [&](uint32_t feature) {
      if (seen.Insert(feature)) sink.AddBetween(feature, index);
    };
    add(PairFeature(stems[(index & 1) ^ 1], stem));
    ForEachBorderNgram(before, word, add);
  }
}

// A word of a text.
struct Token {
  absl::string_view original;  // points into the text
  std::string folded;
};

// One occurrence of a feature.
struct Feature {
  uint32_t hash = 0;
  uint32_t first_token = 0;  // the words that it consists of
  uint32_t last_token = 0;
};

struct FeatureText {
  std::vector<Token> tokens;
  std::vector<Feature> features;
};

// All features of a text with their words, for training and for explanations. Any bytes; linear
// time; thread-safe.
FeatureText ExtractFeatures(absl::string_view text);

}  // namespace veche::classification
