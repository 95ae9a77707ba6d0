#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace veche::text {

// Cuts the ending of a folded Ukrainian word by light rules, made so that forms which Snowball's
// Russian stemmer handles (no і ї є ґ in them) and those handled here meet in one stem where the
// root does not change: «вулиця» and «вулиці», «вода» and «воді».
std::string StemUkrainian(absl::string_view word);

}  // namespace veche::text
