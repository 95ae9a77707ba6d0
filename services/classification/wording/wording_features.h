#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "services/classification/wording/word_scan.h"

// The features of the wording model, and the layout of its file. After a change here the build
// trains the model again.

namespace veche::classification {

inline constexpr int kWordingBits = 19;
inline constexpr size_t kWordingBuckets = size_t{1} << kWordingBits;
enum WordingHead : size_t { kToxicHead, kSpamHead, kDangerHead, kWordingHeads };
inline constexpr size_t kWordingStride = 4;  // bytes of a bucket: the heads, padded

// The kinds of danger have their own table, which is read only where there is danger.
inline constexpr size_t kKindBuckets = size_t{1} << 16;
inline constexpr size_t kMostKinds = 16;
inline constexpr size_t kKindName = 16;  // bytes, padded with zeros

struct WordingHeader {
  char magic[8];
  struct {
    float scale, bias;
  } heads[kWordingHeads];
  float kind_scale;
  float kind_bias[kMostKinds];
  char kinds[kMostKinds][kKindName];
};
inline constexpr absl::string_view kWordingMagic = "vchword1";
// After the header: [bucket][head], then [bucket][kind], of int8.
inline constexpr size_t kWordingBytes =
    sizeof(WordingHeader) + kWordingBuckets * kWordingStride + kKindBuckets * kMostKinds;

inline constexpr size_t kWordingNgram = 4;         // letters
inline constexpr float kWordingNgramShare = 0.7f;  // weight of n-grams relative to words
inline constexpr size_t kShortestStart = 4;        // letters of prefixes of a word
inline constexpr size_t kLongestStart = 7;

// The letters of a folded word between two spaces, at most 40; all digits as 0.
struct WordLetters {
  std::array<uint32_t, 42> letters;
  size_t size = 0;

  explicit WordLetters(absl::string_view word) {
    letters[size++] = ' ';
    for (size_t at = 0; at < word.size() && size + 1 < letters.size();) {
      const auto lead = static_cast<unsigned char>(word[at]);
      const size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
      uint32_t letter = 0;
      for (size_t i = 0; i < bytes && at + i < word.size(); ++i) {
        letter = letter << 8 | static_cast<unsigned char>(word[at + i]);
      }
      letters[size++] = absl::ascii_isdigit(lead) ? '0' : letter;
      at += bytes;
    }
    letters[size++] = ' ';
  }
};

inline uint64_t WordingMix(uint64_t state, uint64_t value) {
  state = (state ^ value) * 0x9E3779B97F4A7C15ull;
  return state ^ (state >> 32);
}

inline uint32_t WordingBucket(uint64_t state) {
  return static_cast<uint32_t>((state ^ (state >> 29)) * 0xD6E8FEB86659FD93ull >>
                               (64 - kWordingBits));
}

inline uint32_t StartBucket(uint64_t state) { return WordingBucket(WordingMix(state, 7)); }

inline uint32_t NgramBucket(const WordLetters& word, size_t at) {
  uint64_t state = 0xC949D7C7509E6557ull;
  for (size_t k = 0; k < kWordingNgram; ++k) state = WordingMix(state, word.letters[at + k]);
  return WordingBucket(state);
}

inline constexpr uint64_t kWordSeed = 0x51AFD7ED558CCD6Dull;

inline uint64_t WordHash(const WordLetters& word) {
  uint64_t hash = kWordSeed;
  for (size_t at = 1; at + 1 < word.size; ++at) hash = WordingMix(hash, word.letters[at]);
  return hash;
}

// The hash of the word before word `i`, 0 for the first word: the initial `before` of
// ForEachWordingFeature.
inline uint64_t HashBefore(const WordScan& scan, size_t i) {
  return i == 0 ? 0 : WordHash(WordLetters(scan.Folded(i - 1)));
}

// Calls word(bucket) for word `i`, its prefixes, its bigram with the previous word and, at the
// start of a sentence, once more; calls piece(bucket) for its character n-grams. `before` is the
// hash of the previous word and becomes that of this one.
template <typename OnWord, typename OnPiece>
void ForEachWordingFeature(const WordScan& scan, size_t i, uint64_t& before, OnWord word,
                           OnPiece piece) {
  const WordLetters letters(scan.Folded(i));
  const size_t length = letters.size - 2;
  uint64_t whole = kWordSeed;
  for (size_t at = 1; at <= length; ++at) {
    whole = WordingMix(whole, letters.letters[at]);
    if (at >= kShortestStart && at <= kLongestStart && at < length) word(StartBucket(whole));
  }
  word(WordingBucket(whole));
  const bool starts = i == 0 || scan.words[i].sentence != scan.words[i - 1].sentence;
  if (i > 0) word(WordingBucket(WordingMix(before * 3, whole)));
  if (starts) word(WordingBucket(WordingMix(whole, 11)));
  before = whole;
  for (size_t at = 0; at + kWordingNgram <= letters.size; ++at) piece(NgramBucket(letters, at));
}

}  // namespace veche::classification
