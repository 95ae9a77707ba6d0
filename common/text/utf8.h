#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/text.h"

// Checks on text from outside. All functions take any bytes, run in linear time and are
// thread-safe.

namespace veche::text {

// True for well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsValidUtf8(absl::string_view text);

// The number of code points; each ill-formed byte counts as one.
size_t CountCharacters(absl::string_view text);

// A copy with U+FFFD for each ill-formed sequence and a space for each NUL.
std::string ScrubUtf8(absl::string_view text);

// The longest prefix of at most `characters` code points; never cuts a code point in two. Points
// into `text`.
absl::string_view PrefixOf(absl::string_view text, size_t characters);

struct TextLimits {
  size_t min_characters = 0;  // without white space at both ends
  size_t max_characters = 0;
  bool single_line = false;  // also refuse line breaks and other control characters
};

// The reason to refuse a client's text, for Violations ("must be at most 200 characters, has 312");
// empty when the text is fine. NUL and ill-formed UTF-8 are always refused.
Text TextProblem(absl::string_view text, const TextLimits& limits);

}  // namespace veche::text
