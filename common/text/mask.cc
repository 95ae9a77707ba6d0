#include "common/text/mask.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/text/code_points.h"
#include "common/text/language.h"
#include "common/text/mask_numbers.h"
#include "common/text/tokenize.h"

namespace veche::text {
namespace {

using WordSet = absl::flat_hash_set<absl::string_view>;

WordSet Words(absl::string_view list) { return absl::StrSplit(list, ' '); }

constexpr size_t kMaxNameWords = 3;
constexpr size_t kMaxGap = 6;  // bytes between words that belong together

absl::string_view Placeholder(Personal kind, Language language) {
  using Row = std::array<absl::string_view, 5>;  // in the order of Personal
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

size_t EndOf(const Token& token) { return token.offset + token.original.size(); }

// What stands between token `i` and the one before it.
absl::string_view GapBefore(absl::string_view text, const std::vector<Token>& tokens, size_t i) {
  const size_t end = EndOf(tokens[i - 1]);
  return text.substr(end, tokens[i].offset - end);
}

bool IsFlatNumber(const Token& token) {
  size_t digits = 0;
  while (digits < token.folded.size() &&
         IsAsciiDigit(static_cast<unsigned char>(token.folded[digits]))) {
    ++digits;
  }
  // Up to four digits and perhaps one letter: 12, 12а.
  return digits > 0 && digits <= 4 && token.folded.size() - digits <= 2;
}

// «кв. 12», «квартира № 12»; not «в квартире 15 градусов», «кв. 45 м».
void FindFlats(absl::string_view text, const std::vector<Token>& tokens,
               std::vector<PersonalSpan>& spans) {
  static const auto* const flats = new WordSet(Words(
      "кв квартира квартиры квартире квартиру квартирой квартирі помешкання фатир фатиры flat "
      "apartment apt"));
  static const auto* const units = new WordSet(
      Words("м м2 кв метр метра метров см человек человека чел жильцов лет года градус градуса "
            "градусов с дней дня час часа часов раз руб рублей квт квартир degrees people years "
            "days hours градусів людей осіб років днів годин кеше ел көн сәгать"));
  for (size_t i = 1; i < tokens.size(); ++i) {
    if (!flats->contains(tokens[i - 1].folded) || !IsFlatNumber(tokens[i])) continue;
    const absl::string_view gap = GapBefore(text, tokens, i);
    if (gap.size() > kMaxGap || gap.find_first_of("+,;\n") != absl::string_view::npos) continue;
    const bool measured = i + 1 < tokens.size() && units->contains(tokens[i + 1].folded) &&
                          GapBefore(text, tokens, i + 1).size() <= 3;
    const bool degree = absl::StartsWith(text.substr(EndOf(tokens[i])), "°") ||
                        absl::StartsWith(text.substr(EndOf(tokens[i])), " °");
    if (measured || degree) continue;
    spans.push_back({tokens[i - 1].offset, EndOf(tokens[i]), Personal::kFlat});
  }
}

bool IsCapitalised(const Token& token) {
  size_t i = 0;
  return IsUpper(NextCodePoint(token.original, i));
}

// Words that stand where a name may, but are none.
bool IsNobody(const Token& token) {
  static const auto* const nobody = new WordSet(Words(
      "жители жильцы собственники коллектив администрация родители соседи инициативная группа "
      "пенсионеры житель жительница мешканці мешканець батьки я прошу помогите в на у по мы the "
      "residents у нас дом улица"));
  return nobody->contains(token.folded);
}

// The number of words of a name from token `i` on.
size_t NameLength(absl::string_view text, const std::vector<Token>& tokens, size_t i) {
  size_t length = 0;
  while (length < kMaxNameWords && i + length < tokens.size()) {
    const Token& token = tokens[i + length];
    if (!IsCapitalised(token) || IsNobody(token)) break;
    if (length > 0) {
      const absl::string_view gap = GapBefore(text, tokens, i + length);
      // A full stop goes on with a name only after an initial: «Иванова А. Б.».
      const bool after_initial = tokens[i + length - 1].original.size() <= 2;
      if (gap.size() > 3 || gap.find_first_of(",;:!?\n") != absl::string_view::npos) break;
      if (gap.find('.') != absl::string_view::npos && !after_initial) break;
    }
    ++length;
  }
  return length;
}

// The number of tokens of a phrase that announces a name and ends before token `i`; 0 for none.
bool AnnouncesName(const std::vector<Token>& tokens, size_t i) {
  static const auto* const alone = new WordSet(Words("фио піб fio"));
  static const auto* const pairs = new WordSet(Words(
      "меня_зовут зовут_меня с_уважением мене_звати з_повагою минем_исемем хөрмәт_белән name_is "
      "best_regards kind_regards yours_sincerely ваш_покорный моя_фамилия моє_прізвище"));
  if (i >= 1 && alone->contains(tokens[i - 1].folded)) return true;
  return i >= 2 && pairs->contains(absl::StrCat(tokens[i - 2].folded, "_", tokens[i - 1].folded));
}

bool IsPatronymic(const Token& token) {
  static constexpr absl::string_view kEndings[] = {
      "ович", "овича", "овичу", "овичем", "евич",  "евича", "евичу", "евичем", "йович", "ївна",
      "овна", "овны",  "овне",  "овну",   "овной", "евна",  "евны",  "евне",   "евну",  "евной",
      "ична", "ичны",  "ичне",  "ичну",   "ичной", "івна",  "івни",  "івні",   "івну"};
  if (!IsCapitalised(token) || token.folded.size() < 12) return false;
  return std::any_of(std::begin(kEndings), std::end(kEndings), [&token](absl::string_view ending) {
    return absl::EndsWith(token.folded, ending);
  });
}

void FindNames(absl::string_view text, const std::vector<Token>& tokens,
               std::vector<PersonalSpan>& spans) {
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (AnnouncesName(tokens, i)) {
      const size_t length = NameLength(text, tokens, i);
      if (length == 0) continue;
      spans.push_back({tokens[i].offset, EndOf(tokens[i + length - 1]), Personal::kName});
      i += length - 1;
    } else if (i > 0 && IsPatronymic(tokens[i]) && IsCapitalised(tokens[i - 1]) &&
               GapBefore(text, tokens, i) == " ") {
      size_t first = i - 1;
      const bool surname = first > 0 && IsCapitalised(tokens[first - 1]) &&
                           !IsNobody(tokens[first - 1]) && GapBefore(text, tokens, first) == " ";
      if (surname) --first;
      spans.push_back({tokens[first].offset, EndOf(tokens[i]), Personal::kName});
    }
  }
}

}  // namespace

std::string MaskPersonalData(absl::string_view text) {
  std::vector<PersonalSpan> spans;
  FindEmails(text, spans);
  FindNumbers(text, spans);
  const std::vector<Token> tokens = Tokenize(text);
  FindFlats(text, tokens, spans);
  FindNames(text, tokens, spans);
  if (spans.empty()) return std::string(text);
  std::stable_sort(
      spans.begin(), spans.end(),
      [](const PersonalSpan& left, const PersonalSpan& right) { return left.begin < right.begin; });
  const Language language = GuessLanguage(text);
  std::string out;
  size_t done = 0;
  for (const PersonalSpan& span : spans) {
    if (span.begin < done) continue;  // inside the one before
    absl::StrAppend(&out, text.substr(done, span.begin - done), Placeholder(span.kind, language));
    done = span.end;
  }
  absl::StrAppend(&out, text.substr(done));
  return out;
}

}  // namespace veche::text
