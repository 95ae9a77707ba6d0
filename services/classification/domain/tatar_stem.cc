#include "services/classification/domain/tatar_stem.h"

#include "absl/strings/match.h"

namespace veche::classification {
namespace {

constexpr absl::string_view kCases[] = {"ның", "нең", "дан", "дән", "тан", "тән", "нан",
                                        "нән", "ны",  "не",  "га",  "гә",  "ка",  "кә",
                                        "да",  "дә",  "та",  "тә",  "на",  "нә"};
constexpr absl::string_view kPossessions[] = {"ыбыз", "ебез", "быз", "без", "гыз", "гез",
                                              "ым",   "ем",   "ың",  "ең",  "сы",  "се",
                                              "ын",   "ен",   "ы",   "е"};
constexpr absl::string_view kPlurals[] = {"лар", "ләр", "нар", "нәр"};

// In bytes, two of each letter. Plurals are told from roots more safely than the rest.
constexpr size_t kShortest = 6;
constexpr size_t kShortestOfPlural = 4;

template <size_t n>
absl::string_view Cut(absl::string_view word, const absl::string_view (&endings)[n],
                      size_t shortest = kShortest) {
  for (absl::string_view ending : endings) {
    if (word.size() >= ending.size() + shortest && absl::EndsWith(word, ending)) {
      return word.substr(0, word.size() - ending.size());
    }
  }
  return word;
}

}  // namespace

absl::string_view TatarStem(absl::string_view folded_word) {
  return Cut(Cut(Cut(folded_word, kCases), kPossessions), kPlurals, kShortestOfPlural);
}

}  // namespace veche::classification
