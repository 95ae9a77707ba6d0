#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace veche::classification {

// Russian typed in Latin letters, back in Cyrillic as well as can be: «Ne gorit fonar'» → «Не горит
// фонарь». Follows the spellings that people mix (zh, j; sh, shch, sch; ya, ia, ja; y; ' for a soft
// sign). Everything else stays; each word stays one word. Linear time.
std::string Transliterate(absl::string_view text);

}  // namespace veche::classification
