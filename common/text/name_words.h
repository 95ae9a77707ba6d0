#pragma once

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/text/mask_words.h"

// Internal to mask_names.cc: the words by which names are known; all folded.

namespace veche::text {

// Words that announce a name («фио»), and pairs of them joined by "_" («меня_зовут»).
const WordSet& Announcers();
const WordSet& AnnouncingPairs();
// Words that stand where a name may, with a capital, but are none.
const WordSet& Nobody();
// Pairs of letters, joined by "_", that are no initials: «p_s».
const WordSet& Postscripts();
// What is called after people: streets, schools, «имени».
const WordSet& Places();
// What follows the name of a street: «дом».
const WordSet& Houses();
// Words between a name and its phone: «тел».
const WordSet& PhoneWords();
absl::Span<const absl::string_view> PatronymicEndings();
absl::Span<const absl::string_view> SurnameEndings();
// Whether a folded word is a given name that is common here, in any case of the singular.
bool IsGivenName(absl::string_view word);

}  // namespace veche::text
