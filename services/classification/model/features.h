#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/classification/domain/words.h"

// What the model sees of a text. Features are hashes; the lowest bit tells the block: 0 for words
// (stems and pairs of neighbouring stems), 1 for letters (pieces of three and four letters of a
// word with its borders, and pieces that span the border of two words). A word counts once however
// often it stands in the text, and so does a pair.
//
// Changing anything here or in words.h makes old model files worthless: raise kFeatureSet with it.

namespace veche::classification {

// Names the way features are made; a model file of another one is refused.
inline constexpr uint32_t kFeatureSet = 2;
inline constexpr size_t kMaxWords = 2'000;  // of a text that are looked at
inline constexpr size_t kShortestPiece = 3;
inline constexpr size_t kLongestPiece = 4;

// FNV-1a over letters; the longer a sequence, the further the state.
struct Hasher {
  uint64_t state;
  void Add(char16_t letter) { state = (state ^ letter) * 0x100000001b3ull; }
  uint32_t Finish() const {
    uint64_t mixed = (state ^ (state >> 32)) * 0xd6e8feb86659fd93ull;
    mixed ^= mixed >> 29;
    return static_cast<uint32_t>(mixed >> 32);
  }
};

// The hash of the word's stem (Snowball for Russian and English, light rules for Ukrainian and
// Tatar), by the word's own letters, never by the language of the text around it.
uint32_t StemFeature(const Word& word);

// Tells folded words apart.
uint64_t WordKey(const Word& word);

inline uint32_t PairFeature(uint32_t left_stem, uint32_t right_stem) {
  const Hasher hasher{(uint64_t{left_stem} << 32 | right_stem) * 0x9ae16a3b2f90404full};
  return hasher.Finish() & ~1u;
}

// Calls add(feature) for each piece of letters of the word and its borders.
template <typename Add>
void ForEachPiece(const Word& word, Add add) {
  const size_t letters = word.size + 2;
  for (size_t start = 0; start + kShortestPiece <= letters; ++start) {
    Hasher hasher{0xc949d7c7509e6557ull};
    for (size_t i = 0; i + 1 < kShortestPiece; ++i) hasher.Add(word.letters[start + i]);
    for (size_t i = kShortestPiece - 1; i < kLongestPiece && start + i < letters; ++i) {
      hasher.Add(word.letters[start + i]);
      add(hasher.Finish() | 1u);
    }
  }
}

// Calls add(feature) for pieces of one, two and three letters before the border of two words and
// three, two and one after it.
template <typename Add>
void ForEachBorderPiece(const Word& left, const Word& right, Add add) {
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

// How much a word counts by its place: people begin with what matters.
float PlaceWeight(size_t word_index);

// Remembers which hashes a text has had.
class SeenSet {
 public:
  void Clear();
  bool Insert(uint32_t hash);  // false when it was there

 private:
  void Grow();
  std::vector<uint32_t> slots_ = std::vector<uint32_t>(1024, 0);
  size_t size_ = 0;
};

// Walks over the distinct features of a text. `sink` has
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
    ForEachBorderPiece(before, word, add);
  }
}

// A word of a text and where it stands.
struct Token {
  absl::string_view original;  // points into the text
  std::string folded;
};

// One occurrence of a feature.
struct Feature {
  uint32_t hash = 0;
  uint32_t first_token = 0;  // the words it comes from
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
