#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/text/language.h"

namespace veche::text {

// The stem of a folded word (Fold, FoldWord): Snowball for Russian and English, light suffix rules
// for Ukrainian; the word itself in Tatar and kUnknown and when it has a digit. Thread-safe.
std::string Stem(absl::string_view folded_word, Language language);

// Stem by WordLanguage.
std::string Stem(absl::string_view folded_word);

// True for words too frequent to tell anything («и», «на», «the»), folded; in ru, uk and en.
bool IsStopWord(absl::string_view folded_word);

// What full-text search indexes and looks for: sorted unique stems of the words of `text`, without
// stop words. Each word is stemmed by its own letters, never by the language of the text around
// it, so a query of one word finds it in any text: use this one function for both the index and
// the query. The terms have letters and digits only, so they need no quoting in FTS5 or tsquery.
// A query may have no terms («и на»): then nothing can be looked for.
std::vector<std::string> SearchTerms(absl::string_view text, size_t max_terms = 10'000);

}  // namespace veche::text
