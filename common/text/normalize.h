#pragma once

#include <string>

#include "absl/strings/string_view.h"

// One spelling for texts that read the same. Any bytes are accepted (ill-formed UTF-8 becomes
// U+FFFD). Time is linear, also for long runs of combining marks. Thread-safe.

namespace veche::text {

// For storage: NFC, a run of spaces becomes one space, lines are kept (at most one empty line
// between paragraphs), no white space at the ends, no control or invisible formatting characters
// other than the joiners that emoji need.
std::string Clean(absl::string_view text);

// For comparison: NFKC, case folded, ё→е, apostrophes inside words dropped, every run of white
// space becomes one space. «Ёлка  УПАЛА» → «елка упала».
std::string Fold(absl::string_view text);

// Fold of one word. Latin letters that look like Cyrillic ones become Cyrillic in a Cyrillic word
// («кoлoдец» with Latin o). At most kMaxWordCharacters characters are kept.
std::string FoldWord(absl::string_view word);

inline constexpr size_t kMaxWordCharacters = 64;

}  // namespace veche::text
