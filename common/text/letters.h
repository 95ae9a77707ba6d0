#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"

namespace veche::text {

struct LetterCounts {
  size_t letters = 0;
  size_t capitals = 0;     // of the letters
  size_t longest_run = 0;  // of one character that is not white space
};
// How a text is written, by code points. Linear time; thread-safe.
LetterCounts CountLetters(absl::string_view text);

}  // namespace veche::text
