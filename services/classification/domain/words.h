#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace veche::classification {

inline constexpr size_t kMaxLetters = 40;  // of a word; later ones are ignored

// A normalised word of a text: lower case, ё as е, any number as one 0, and in words of mixed
// scripts Latin look-alikes as Cyrillic letters or the reverse.
struct Word {
  // A space, `size` letters (UTF-16 units), a space.
  std::array<char16_t, kMaxLetters + 2> letters;
  uint32_t size = 0;
  size_t offset = 0;  // of the original word in the text, in bytes
  size_t length = 0;
  bool latin = false;  // has no Cyrillic letter
};

// Iterates over the words of a text: runs of letters and digits; an apostrophe between letters
// belongs to the word, a hyphen separates words. Accepts any bytes; linear time. Allocates nothing
// for words of Latin and Cyrillic letters; other words go through ICU.
class WordReader {
 public:
  explicit WordReader(absl::string_view text) : text_(text) {}

  // False at the end of the text.
  bool Next(Word& word);

 private:
  bool FindStart();
  // Reads the word that starts at `at_`; true when its letters need ICU.
  bool Collect(Word& word);

  absl::string_view text_;
  size_t at_ = 0;
};

}  // namespace veche::classification
