#pragma once

#include "absl/strings/string_view.h"

namespace veche::text {

enum class Language { kUnknown, kRussian, kUkrainian, kTatar, kEnglish };

// BCP 47: "ru", "uk", "tt", "en"; "und" for kUnknown.
absl::string_view LanguageCode(Language language);
// The opposite; kUnknown for anything else. Takes "ru-RU" for "ru".
Language ParseLanguage(absl::string_view code);

// The language that most of the text's words speak for, by letters and frequent words; kUnknown
// when there is nothing to go by. Looks at the first 2,000 words. Thread-safe.
Language GuessLanguage(absl::string_view text);

// The language to stem one folded word in, by its script and letters alone, so that a word gets
// the same stem in any text: Tatar letters → Tatar, і ї є ґ → Ukrainian, other Cyrillic → Russian,
// Latin → English, else kUnknown.
Language WordLanguage(absl::string_view folded_word);

}  // namespace veche::text
