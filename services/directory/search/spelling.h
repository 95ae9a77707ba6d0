#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

// One spelling for words that people write in several ways. Pure; thread-safe.

namespace veche::directory {

// How a folded word (text::FoldWord) sounds, roughly, in ASCII: «больница», "bolnitsa" and
// "bol'nica" become "bolnica". One letter for each Cyrillic letter, none for ь and ъ; doubled
// letters count once. Bytes of other scripts stay as they are.
std::string SoundOf(absl::string_view folded_word);

// What was meant if `text` was typed with another keyboard layout, the likeliest first: Latin text
// as typed on Russian and Ukrainian keyboards (",jkmybwf" → «больница»), Cyrillic text as typed on
// an English one. Empty when no letter would change.
std::vector<std::string> OtherLayouts(absl::string_view text);

}  // namespace veche::directory
