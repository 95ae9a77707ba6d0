#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace veche::classification {

// A word of a text as rules see it.
struct ScannedWord {
  uint32_t offset = 0;  // of the word as written, in bytes of the text
  uint32_t length = 0;  // as written
  uint32_t folded = 0;  // where its folded form begins in WordScan::folded
  uint16_t folded_length = 0;
  bool breath = false;    // a comma, colon or bracket stands before it
  uint32_t sentence = 0;  // counted from 0
};

// The words of a text with their sentences: the same words as text::Tokenize finds, folded in the
// same way, some ten times as fast where letters are Latin or Cyrillic. A number with a minus of
// its own, as «-20», has the word «минус» before it. At most 10,000 words.
struct WordScan {
  explicit WordScan(absl::string_view text);

  absl::string_view Folded(size_t i) const {
    return absl::string_view(folded).substr(words[i].folded, words[i].folded_length);
  }

  // What stands in `text` from the first to the last of these words, cut where it is long.
  std::string Quote(absl::string_view text, size_t first, size_t last) const;

  std::string folded;  // all words
  std::vector<ScannedWord> words;
};

// How a word sounds to one who spells by ear: о as а, е as и, no soft or hard signs, no double
// letters. «пожар» and «пажар» are level. A beginning of a word gives a beginning of its sound.
std::string SpeltByEar(absl::string_view folded_word);

}  // namespace veche::classification
