#pragma once

#include "absl/strings/string_view.h"

namespace veche::classification {

// The stem of a folded Tatar word: a prefix of it without the endings of case, possession and
// plural, which are removed from the end while at least three letters remain (two before a plural),
// so that «урамнарыбызда» and «урам» have the same stem. A light stemmer; because of vowel harmony
// every ending has two or more spellings, all of which are listed.
absl::string_view TatarStem(absl::string_view folded_word);

}  // namespace veche::classification
