#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace veche::classification {

// Turns Russian typed in Latin letters into Cyrillic, approximately: «Ne gorit fonar'» → «Не горит
// фонарь». Knows the spellings that people mix (zh, j; sh, shch, sch; ya, ia, ja; y; ' for a soft
// sign). All other characters stay; each word stays one word. Linear time.
std::string Transliterate(absl::string_view text);

}  // namespace veche::classification
