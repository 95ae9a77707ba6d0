#pragma once

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/text/mask_words.h"

// Internal to mask_names.cc: the words by which names are recognised, all folded.

namespace veche::text {

// Words that announce a name («фио»), and pairs of them joined by "_" («меня_зовут»).
const WordSet& Announcers();
const WordSet& AnnouncingPairs();
// Words with a capital letter that stand where a name may, but are not names.
const WordSet& Nobody();
// Pairs of letters, joined by "_", that are not initials: «p_s».
const WordSet& Postscripts();
// Words before the name of a street or school: «улица», «имени».
const WordSet& Places();
// Words after the name of a street: «дом».
const WordSet& Houses();
// Words between a name and its phone: «тел».
const WordSet& PhoneWords();
absl::Span<const absl::string_view> PatronymicEndings();
absl::Span<const absl::string_view> SurnameEndings();
// Whether a folded word is a given name that is common in Russia and Ukraine, in any case of the
// singular.
bool IsGivenName(absl::string_view word);

}  // namespace veche::text
