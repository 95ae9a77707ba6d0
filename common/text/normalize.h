#pragma once

#include <string>

#include "absl/strings/string_view.h"

// One spelling for what reads the same. Any bytes are accepted (ill-formed UTF-8 becomes U+FFFD),
// time is linear, also against endless runs of combining marks. Thread-safe.

namespace veche::text {

// For keeping: NFC, runs of spaces are one space, lines are kept (at most one empty one between
// paragraphs), no white space at the ends, no control or invisible formatting characters other
// than the joiners that emoji need.
std::string Clean(absl::string_view text);

// For comparing: NFKC, case folded, ё→е, apostrophes inside words dropped, every run of white
// space one space. «Ёлка  УПАЛА» → «елка упала».
std::string Fold(absl::string_view text);

// Fold of one word, and Latin letters that imitate Cyrillic ones in a Cyrillic word become these
// («кoлoдец» with Latin o). At most kMaxWordCharacters are kept.
std::string FoldWord(absl::string_view word);

inline constexpr size_t kMaxWordCharacters = 64;

}  // namespace veche::text
