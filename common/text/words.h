#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"

// Internal to common/text: where the words of a text are.

namespace veche::text {

// The next word at or after `i`, which moves past it; empty at the end of the text. What a word is
// says Tokenize.
absl::string_view NextWord(absl::string_view text, size_t& i);

}  // namespace veche::text
