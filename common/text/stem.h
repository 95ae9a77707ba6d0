#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/text/language.h"

namespace veche::text {

// The stem of a folded word (Fold, FoldWord): Snowball for Russian and English, light suffix rules
// for Ukrainian; the word itself for Tatar and kUnknown, and when the word has a digit.
// Thread-safe.
std::string Stem(absl::string_view folded_word, Language language);

// Stem in the word's WordLanguage.
std::string Stem(absl::string_view folded_word);

// True for words that are too frequent for a search («и», «на», «the»), folded; in ru, uk and en.
bool IsStopWord(absl::string_view folded_word);

// The terms that full-text search indexes and queries: sorted unique stems of the words of `text`,
// without stop words. Each word is stemmed by its own letters, never by the language of the text
// around it, so a query of one word finds this word in any text. Use this function for both the
// index and the query. The terms have letters and digits only, so they need no quoting in FTS5 or
// tsquery. A query may have no terms («и на»): it then finds nothing. At most `max_terms`.
// Thread-safe.
std::vector<std::string> SearchTerms(absl::string_view text, size_t max_terms = 10'000);

}  // namespace veche::text
