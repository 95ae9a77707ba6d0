#include "common/text/mask.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/text/code_points.h"
#include "common/text/language.h"
#include "common/text/mask_numbers.h"
#include "common/text/mask_words.h"
#include "common/text/normalize.h"
#include "common/text/words.h"

namespace veche::text {
namespace {

constexpr size_t kMaxGap = 6;  // bytes between words that belong together

absl::string_view Placeholder(Personal kind, Language language) {
  using Row = std::array<absl::string_view, 5>;  // indexed by Personal
  static constexpr Row kRussian = {"[телефон]", "[почта]", "[квартира]", "[номер]", "[имя]"};
  static constexpr Row kUkrainian = {"[телефон]", "[пошта]", "[квартира]", "[номер]", "[ім’я]"};
  static constexpr Row kTatar = {"[телефон]", "[почта]", "[фатир]", "[номер]", "[исем]"};
  static constexpr Row kEnglish = {"[phone]", "[email]", "[flat]", "[number]", "[name]"};
  const Row& row = language == Language::kUkrainian ? kUkrainian
                   : language == Language::kTatar   ? kTatar
                   : language == Language::kEnglish ? kEnglish
                                                    : kRussian;
  return row[static_cast<size_t>(kind)];
}

// Up to four digits and perhaps one letter: 12, 12а.
bool IsFlatNumber(absl::string_view word) {
  const size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
  return digits > 0 && digits <= 4 && word.size() - digits <= 2;
}

// «кв. 12», «квартира № 12»; not «в квартире 15 градусов», «кв. 45 м».
void FindFlats(const WordList& words, std::vector<PersonalSpan>& spans) {
  static const auto& flats = *new WordSet(MakeWordSet(
      "кв квартира квартиры квартире квартиру квартирой квартирі помешкання фатир фатиры flat "
      "apartment apt"));
  static const auto& units = *new WordSet(MakeWordSet(
      "м м2 кв метр метра метров см человек человека чел жильцов лет года градус "
      "градуса градусов с дней дня час часа часов раз руб рублей квт квартир degrees "
      "people years days hours градусів людей осіб років днів годин кеше ел көн сәгать"));
  const absl::string_view text = words.text();
  for (size_t i = 1; i < words.size(); ++i) {
    const Word& number = words[i];
    if (!number.digit || !IsFlatNumber(text.substr(number.begin, number.end - number.begin)) ||
        !words.IsOneOf(flats, i - 1)) {
      continue;
    }
    const absl::string_view gap = words.GapBefore(i);
    if (gap.size() > kMaxGap || gap.find_first_of("+,;\n") != absl::string_view::npos) continue;
    const bool measured =
        i + 1 < words.size() && words.GapBefore(i + 1).size() <= 3 && words.IsOneOf(units, i + 1);
    const absl::string_view after = text.substr(number.end);
    if (measured || absl::StartsWith(after, "°") || absl::StartsWith(after, " °")) continue;
    spans.push_back({words[i - 1].begin, number.end, Personal::kFlat});
  }
}

}  // namespace

WordList::WordList(absl::string_view text) : text_(text) {
  words_.reserve(text.size() / 10);
  for (size_t i = 0; true;) {
    const absl::string_view word = NextWord(text, i);
    if (word.empty()) return;
    const size_t begin = static_cast<size_t>(word.data() - text.data());
    size_t second = 0;
    const char32_t first = NextCodePoint(word, second);
    const bool capital = IsUpper(first);
    words_.push_back({.begin = begin,
                      .end = begin + word.size(),
                      .digit = IsAsciiDigit(first),
                      .capital = capital,
                      .initial = capital && second == word.size()});
  }
}

std::string WordList::Folded(size_t i) const {
  return FoldWord(text_.substr(words_[i].begin, words_[i].end - words_[i].begin));
}

absl::string_view WordList::GapBefore(size_t i) const {
  const size_t begin = i == 0 ? 0 : words_[i - 1].end;
  return text_.substr(begin, words_[i].begin - begin);
}

std::string MaskPersonalData(absl::string_view text) {
  std::vector<PersonalSpan> spans;
  FindEmails(text, spans);
  FindNumbers(text, spans);
  const WordList words(text);
  FindFlats(words, spans);
  FindNames(words, spans);
  if (spans.empty()) return std::string(text);
  std::stable_sort(
      spans.begin(), spans.end(),
      [](const PersonalSpan& left, const PersonalSpan& right) { return left.begin < right.begin; });
  const Language language = GuessLanguage(text);
  std::string out;
  size_t done = 0;
  for (const PersonalSpan& span : spans) {
    if (span.begin < done) continue;  // inside the previous span
    absl::StrAppend(&out, text.substr(done, span.begin - done), Placeholder(span.kind, language));
    done = span.end;
  }
  absl::StrAppend(&out, text.substr(done));
  return out;
}

}  // namespace veche::text
