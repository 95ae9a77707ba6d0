#include "common/text/ukrainian_stem.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "common/text/code_points.h"

namespace veche::text {
namespace {

// Longest first.
constexpr absl::string_view kEndings[] = {
    "ується", "юються", "уються", "ається", "яється", "ювали", "ували", "ються", "уться", "иться",
    "ього",   "ьому",   "ують",   "юють",   "ають",   "яють",  "ого",   "ому",   "ими",   "іми",
    "ями",    "ами",    "ові",    "еві",    "єві",    "ють",   "уть",   "ать",   "ить",   "їть",
    "ати",    "яти",    "ити",    "іти",    "їти",    "али",   "яли",   "или",   "іли",   "ало",
    "яло",    "ило",    "іло",    "ала",    "яла",    "ила",   "іла",   "ої",    "ою",    "ею",
    "єю",     "ій",     "ий",     "їй",     "их",     "іх",    "їх",    "им",    "ім",    "їм",
    "ам",     "ям",     "ах",     "ях",     "ом",     "ем",    "єм",    "ів",    "їв",    "ей",
    "ав",     "яв",     "ив",     "ти",     "ює",     "ує",    "ає",    "яє",    "а",     "я",
    "у",      "ю",      "е",      "є",      "и",      "і",     "ї",     "о",     "ь",     "й",
};

bool IsVowel(char32_t c) {
  constexpr char32_t kVowels[] = U"аеиіоуюяєїё";
  return std::find(std::begin(kVowels), std::end(kVowels) - 1, c) != std::end(kVowels) - 1;
}

// Where endings may be cut: after the first vowel, as in Snowball.
size_t RegionStart(absl::string_view word) {
  for (size_t i = 0; i < word.size();) {
    if (IsVowel(NextCodePoint(word, i))) return i;
  }
  return word.size();
}

}  // namespace

std::string StemUkrainian(absl::string_view word) {
  const size_t start = RegionStart(word);
  absl::string_view head = word.substr(0, start);
  absl::string_view region = word.substr(start);
  for (absl::string_view ending : kEndings) {
    if (absl::ConsumeSuffix(&region, ending)) break;
  }
  absl::ConsumeSuffix(&region, "ь");
  if (absl::EndsWith(region, "нн")) absl::ConsumeSuffix(&region, "н");
  return std::string(head.data(), head.size() + region.size());
}

}  // namespace veche::text
