#pragma once

#include "absl/strings/string_view.h"

namespace veche::text {

enum class Language { kUnknown, kRussian, kUkrainian, kTatar, kEnglish };

// BCP 47: "ru", "uk", "tt", "en"; "und" for kUnknown.
absl::string_view LanguageCode(Language language);
// The inverse of LanguageCode; kUnknown for any other code. Reads "ru-RU" as "ru".
Language ParseLanguage(absl::string_view code);

// The language of most of the text's words, judged by letters, frequent words and endings; kUnknown
// when no word tells a language. Looks at the first 2,000 words. Thread-safe.
Language GuessLanguage(absl::string_view text);

// The language in which to stem one folded word, judged by its script and letters alone, so that a
// word gets the same stem in any text: Tatar letters → Tatar, і ї є ґ → Ukrainian, other Cyrillic →
// Russian, Latin → English, else kUnknown.
Language WordLanguage(absl::string_view folded_word);

}  // namespace veche::text
