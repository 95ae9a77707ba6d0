#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace veche::text {

// Cuts the ending of a folded Ukrainian word by light rules. Forms with і ї є ґ come here, other
// forms of the same word go to Snowball's Russian stemmer; the rules give both the same stem where
// the root does not change: «вулиця» and «вулиці», «вода» and «воді».
std::string StemUkrainian(absl::string_view word);

}  // namespace veche::text
