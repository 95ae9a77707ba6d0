#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"

// Internal to common/text: finds the words of a text.

namespace veche::text {

// The next word at or after `i`; moves `i` past the word. Empty at the end of the text. Tokenize
// defines what a word is.
absl::string_view NextWord(absl::string_view text, size_t& i);

}  // namespace veche::text
