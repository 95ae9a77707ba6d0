#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace veche::classification {

inline constexpr size_t kMaxLetters = 40;  // of a word that are looked at

// A word of a text as the model reads it: small letters, ё as е, any number as one 0, Latin letters
// that imitate Cyrillic ones (or the other way round) put right.
struct Word {
  // A space, `size` letters (UTF-16 units), a space.
  std::array<char16_t, kMaxLetters + 2> letters;
  uint32_t size = 0;
  size_t offset = 0;  // in bytes, of the word as written
  size_t length = 0;
  bool latin = false;  // without a Cyrillic letter
};

// Reads the words of a text one after another: runs of letters and digits; an apostrophe between
// letters belongs to the word, a hyphen parts words. Takes any bytes, allocates nothing for words
// of Latin and Cyrillic letters (the rest go through ICU), linear time.
class WordReader {
 public:
  explicit WordReader(absl::string_view text) : text_(text) {}

  // False at the end of the text.
  bool Next(Word& word);

 private:
  bool FindStart();
  // Past the word that starts at `at_`; true when its letters need ICU.
  bool Collect(Word& word);

  absl::string_view text_;
  size_t at_ = 0;
};

}  // namespace veche::classification
