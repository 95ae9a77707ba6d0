#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "services/classification/word_scan.h"

// What the model of tone sees of a text, and how its file lies. Changing anything here makes
// another model; the build trains it anew.

namespace veche::classification {

inline constexpr int kToneBits = 16;
inline constexpr size_t kToneBuckets = size_t{1} << kToneBits;
inline constexpr size_t kToneHeads = 2;  // toxicity, spam
inline constexpr absl::string_view kToneMagic = "vchtone1";
// After the magic: for each head its scale and its bias as floats, then [bucket][head] of int8.
inline constexpr size_t kToneHeader = 8 + kToneHeads * 2 * sizeof(float);
inline constexpr size_t kToneBytes = kToneHeader + kToneBuckets * kToneHeads;

inline constexpr size_t kTonePiece = 4;         // letters
inline constexpr float kTonePieceShare = 0.7f;  // of pieces beside words
// A passage ends with the sentence after so many words, or after so many in any case.
inline constexpr size_t kTonePassage = 12;
inline constexpr size_t kToneLongestPassage = 24;

// The letters of a folded word between two spaces; at most 40.
struct ToneLetters {
  std::array<uint32_t, 42> letters;
  size_t size = 0;

  explicit ToneLetters(absl::string_view word) {
    letters[size++] = ' ';
    for (size_t at = 0; at < word.size() && size + 1 < letters.size();) {
      const auto lead = static_cast<unsigned char>(word[at]);
      const size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
      uint32_t letter = 0;
      for (size_t i = 0; i < bytes && at + i < word.size(); ++i) {
        letter = letter << 8 | static_cast<unsigned char>(word[at + i]);
      }
      letters[size++] = letter;
      at += bytes;
    }
    letters[size++] = ' ';
  }
};

inline uint64_t ToneMix(uint64_t state, uint64_t value) {
  return (state ^ value) * 0x9E3779B97F4A7C15ull;
}

inline uint32_t ToneBucket(uint64_t state) {
  return static_cast<uint32_t>((state ^ (state >> 29)) * 0xD6E8FEB86659FD93ull >> (64 - kToneBits));
}

// Calls word(bucket) for the words from `first` to before `last` and for their pairs, and
// piece(bucket) for pieces of their letters.
template <typename OnWord, typename OnPiece>
void ForEachToneFeature(const WordScan& scan, size_t first, size_t last, OnWord word,
                        OnPiece piece) {
  uint64_t before = 0;
  for (size_t i = first; i < last; ++i) {
    const ToneLetters letters(scan.Folded(i));
    uint64_t whole = 0x51AFD7ED558CCD6Dull;
    for (size_t at = 1; at + 1 < letters.size; ++at) whole = ToneMix(whole, letters.letters[at]);
    word(ToneBucket(whole));
    if (i > first) word(ToneBucket(ToneMix(before * 3, whole)));
    before = whole;
    for (size_t at = 0; at + kTonePiece <= letters.size; ++at) {
      uint64_t state = 0xC949D7C7509E6557ull;
      for (size_t k = 0; k < kTonePiece; ++k) state = ToneMix(state, letters.letters[at + k]);
      piece(ToneBucket(state));
    }
  }
}

// Where the passage that begins with word `first` ends.
inline size_t EndOfTonePassage(const WordScan& scan, size_t first) {
  size_t end = first;
  while (end < scan.words.size() && end - first < kToneLongestPassage) {
    ++end;
    const bool sentence_ends =
        end == scan.words.size() || scan.words[end].sentence != scan.words[end - 1].sentence;
    if (sentence_ends && end - first >= kTonePassage) break;
  }
  return end;
}

}  // namespace veche::classification
