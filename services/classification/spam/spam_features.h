#pragma once

#include <array>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace veche::classification {

// What about a text may look like spam. From 1, the numbers of v1::AssessSpamResponse.Reason.
enum class SpamFeature {
  kAdvertising = 1,
  kLinks = 2,
  kContacts = 3,
  kCapitals = 4,
  kRepetition = 5,
  kSaidBefore = 6,
  kMixedAlphabets = 7,
};
inline constexpr size_t kSpamFeatures = 7;

// How much of each feature a text has, 0..1, in the order of SpamFeature.
using SpamFeatures = std::array<double, kSpamFeatures>;

// `recent`: the author's recent texts. Accepts any bytes; time is linear in the texts. Thread-safe.
//   advertising: the words and the wording of adverts, as ModerationRules judge them
//   links: addresses of pages, also without "https://"; channels, shortened addresses and cheap
//     domains count twice
//   contacts: phone numbers of ten digits or more except hot lines, e-mail addresses, "@names"
//   capitals: the share of capital letters above 30 %, in texts of at least 15 letters
//   repetition: one character four times or more, or one word as a large part of the text
//   said before: the share of words that the text has in common with the most similar recent text
//   mixed alphabets: words with both Cyrillic and Latin letters
SpamFeatures ReadSpamFeatures(absl::string_view text, absl::Span<const std::string> recent);

}  // namespace veche::classification
