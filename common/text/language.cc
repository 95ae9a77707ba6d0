#include "common/text/language.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "common/text/code_points.h"
#include "common/text/tokenize.h"

namespace veche::text {
namespace {

constexpr size_t kWordsLookedAt = 2'000;
constexpr size_t kLanguages = 5;

bool IsTatarLetter(char32_t c) {
  return c == U'ә' || c == U'ө' || c == U'ү' || c == U'җ' || c == U'ң' || c == U'һ';
}
bool IsUkrainianLetter(char32_t c) { return c == U'і' || c == U'ї' || c == U'є' || c == U'ґ'; }
bool IsRussianAlphabet(char32_t c) { return (c >= U'а' && c <= U'я') || c == U'ё'; }
// Not in the Ukrainian alphabet.
bool IsEasternLetter(char32_t c) { return c == U'ы' || c == U'э' || c == U'ъ'; }

// Frequent words of each language. A word of several languages is in the list of each of them.
constexpr absl::string_view kRussianWords =
    "и что это как нет уже нас мы вы был была было были очень если когда где или чтобы только еще "
    "ничего никто нам наш нашем нашего после сделайте прошу пожалуйста здравствуйте почему когда "
    "который которые какой может будет есть дней нужно снова опять рядом около без да";
constexpr absl::string_view kUkrainianWords =
    "та що це як немає вже але коли дуже або щоб тільки ще нам наш нашому нашого після зробіть "
    "прошу будь ласка добрий день чому який які може буде є днів потрібно знову поруч біля був "
    "була було були й немає треба з просимо хто хоча тиждень бо чи його тепер цьому нема каже "
    "зняли будинку будинок лише кошти зникли жодного двадцять чекати поки куди йдуть годину "
    "встановити боку ять хтось уздовж теж поставте поставити понад можна поверх двір вулицю року "
    "ранку зранку мене вони вона цю ця ці цей під між щороку щодня досі доки "
    "хоч ось навпроти майданчик майданчиком зупинки гарячого власник навіщо як стільки дякую "
    "дякуємо допоможіть де ніхто нікого немов себе буде пройшла старий без";
constexpr absl::string_view kTatarWords =
    "бу бар юк бик бер ул ник инде дип белән өчен безнең сез мин без һәм кирәк зинһар исәнмесез "
    "йорт урам су юл ел көн булды була итте килде нигә хәзер шул дә да та тә яки шунда булса кебек "
    "җир кирәкми бирегез карагыз итегез ясагыз ярдәм күп зур кеше шундый аны аның безгә сезгә "
    "бер ике алты ун унбер егерме тора иде ел бу иске аша ут ком башка ярты юлны беркем бара бала "
    "балалар атна яшь туры килми боз аяк акча акчаны якта юлы чакрым утыра урыны урамы тулы суы "
    "йортка бит алты аз алмый авыру авыл кар карны ачык ватык ваты кайда кайчан кая тулган янды "
    "беренче икенче кайнар салкын кыш яз җылы су ага уртасында буе булмый булды чыга ята янында "
    "алдында буендагы таш тау саен";
constexpr absl::string_view kEnglishWords =
    "the a an and is are was were in on at of to for with not no this that there our my we i it "
    "please you have has been be broken street road light lights water garbage trash tree house "
    "near school bus stop hole yard snow smell dog dogs when why how can by from your they he she "
    "do does don will would since days week building flat heating gas fire help nobody again";

// The same for Ukrainian.
constexpr absl::string_view kUkrainianEndings[] = {
    "ють",  "ати",   "ння",   "ити",   "оти",  "ути",  "имо",  "емо",  "ися",  "цять",
    "вся",  "ються", "дуть",  "дять",  "ося",  "ася",  "чого", "шого", "нути", "вати",
    "ому",  "ього",  "инок",  "ький",  "кого", "вний", "ший",  "ичка", "нний", "дний",
    "ачки", "увала", "увати", "ував",  "ини",  "ову",  "ав",   "ив",   "ок",   "тий",
    "вий",  "лий",   "рний",  "льний", "ками", "яни"};

bool HasUkrainianEnding(absl::string_view word) {
  if (word.size() < 8) return false;
  return std::any_of(std::begin(kUkrainianEndings), std::end(kUkrainianEndings),
                     [word](absl::string_view ending) { return absl::EndsWith(word, ending); });
}

// Endings that are ten times as frequent in Tatar as in Russian: of cases, plurals and verbs.
constexpr absl::string_view kTatarEndings[] = {
    "гыз",  "лар",  "лары", "ларны", "ган",  "кан",   "нда",  "ында", "ыннан", "ндагы", "тагы",
    "дагы", "рны",  "зны",  "тны",   "ккан", "ылган", "лды",  "рды",  "тты",   "ына",   "ынга",
    "йга",  "рга",  "нга",  "мый",   "ырга", "арга",  "алар", "ылар", "лык",   "лыгы",  "ыгыз",
    "абыз", "сыз",  "чык",  "кач",   "гач",  "тан",   "ртып", "ып",   "рак",   "ыр",    "ады",
    "йлар", "елар", "че",   "зга",   "тка",  "лга",   "быз",  "гез",  "ын",    "нар",   "сы",
    "гы",   "ыз",   "кта",  "рда",   "ктан", "йда",   "йны",  "нны",  "сын",   "ык",    "га"};

bool HasTatarEnding(absl::string_view word) {
  if (word.size() < 8) return false;
  return std::any_of(std::begin(kTatarEndings), std::end(kTatarEndings),
                     [word](absl::string_view ending) { return absl::EndsWith(word, ending); });
}

using WordVotes = absl::flat_hash_map<absl::string_view, std::array<bool, kLanguages>>;

void AddWords(WordVotes& votes, absl::string_view words, Language language) {
  for (absl::string_view word : absl::StrSplit(words, ' ')) {
    votes[word][static_cast<size_t>(language)] = true;
  }
}

const WordVotes& FrequentWords() {
  static const WordVotes* const votes = [] {
    auto* built = new WordVotes();
    AddWords(*built, kRussianWords, Language::kRussian);
    AddWords(*built, kUkrainianWords, Language::kUkrainian);
    AddWords(*built, kTatarWords, Language::kTatar);
    AddWords(*built, kEnglishWords, Language::kEnglish);
    return built;
  }();
  return *votes;
}

// The weights let Ukrainian and Tatar words with letters of their own outvote the other words,
// which could be Russian.
void Vote(const Token& token, std::array<double, kLanguages>& votes) {
  auto vote = [&votes](Language language, double weight) {
    votes[static_cast<size_t>(language)] += weight;
  };
  const Language letters = WordLanguage(token.folded);
  const auto frequent = FrequentWords().find(token.folded);
  if (frequent != FrequentWords().end()) {
    for (size_t i = 0; i < kLanguages; ++i) votes[i] += frequent->second[i] ? 2.0 : 0.0;
    if (letters != Language::kTatar && letters != Language::kUkrainian) return;
  }
  switch (letters) {
    case Language::kTatar:
      return vote(Language::kTatar, 3.0);
    case Language::kUkrainian:
      return vote(Language::kUkrainian, 5.0);
    case Language::kRussian:
      // Some Russian words have these endings too.
      if (HasTatarEnding(token.folded)) vote(Language::kTatar, 1.3);
      if (HasUkrainianEnding(token.folded)) vote(Language::kUkrainian, 1.2);
      vote(Language::kRussian, 0.7);
      for (size_t i = 0; i < token.folded.size();) {
        if (IsEasternLetter(NextCodePoint(token.folded, i))) {
          vote(Language::kUkrainian, -1.0);
          break;
        }
      }
      return;
    case Language::kEnglish:
      // Latin letters alone may also be Russian, typed without a Russian keyboard.
      return vote(Language::kEnglish, 0.2);
    case Language::kUnknown:
      return vote(Language::kUnknown, 1.0);
  }
}

}  // namespace

absl::string_view LanguageCode(Language language) {
  switch (language) {
    case Language::kRussian:
      return "ru";
    case Language::kUkrainian:
      return "uk";
    case Language::kTatar:
      return "tt";
    case Language::kEnglish:
      return "en";
    case Language::kUnknown:
      break;
  }
  return "und";
}

Language ParseLanguage(absl::string_view code) {
  const absl::string_view primary = code.substr(0, code.find_first_of("-_"));
  for (Language language :
       {Language::kRussian, Language::kUkrainian, Language::kTatar, Language::kEnglish}) {
    if (primary == LanguageCode(language)) return language;
  }
  return Language::kUnknown;
}

Language WordLanguage(absl::string_view folded_word) {
  bool tatar = false;
  bool ukrainian = false;
  bool russian = false;
  bool latin = false;
  for (size_t i = 0; i < folded_word.size();) {
    const char32_t c = NextCodePoint(folded_word, i);
    if (IsAsciiDigit(c)) continue;
    if (IsAsciiLetter(c)) {
      latin = true;
    } else if (IsRussianAlphabet(c)) {
      russian = true;
    } else if (IsUkrainianLetter(c)) {
      ukrainian = true;
    } else if (IsTatarLetter(c)) {
      tatar = true;
    } else {
      return Language::kUnknown;  // Kazakh, Greek, …
    }
  }
  if (latin) return russian || ukrainian || tatar ? Language::kUnknown : Language::kEnglish;
  if (tatar) return ukrainian ? Language::kUnknown : Language::kTatar;
  if (ukrainian) return Language::kUkrainian;
  return russian ? Language::kRussian : Language::kUnknown;
}

Language GuessLanguage(absl::string_view text) {
  std::array<double, kLanguages> votes{};
  size_t words = 0;
  for (const Token& token : Tokenize(text, kWordsLookedAt)) {
    if (IsAsciiDigit(static_cast<unsigned char>(token.folded[0]))) continue;
    ++words;
    Vote(token, votes);
  }
  // With equal votes Russian, the first, wins.
  const std::array<Language, 4> languages = {Language::kRussian, Language::kUkrainian,
                                             Language::kTatar, Language::kEnglish};
  const Language best = *std::max_element(
      languages.begin(), languages.end(), [&votes](Language left, Language right) {
        return votes[static_cast<size_t>(left)] < votes[static_cast<size_t>(right)];
      });
  const double score = votes[static_cast<size_t>(best)];
  const double unknown = votes[static_cast<size_t>(Language::kUnknown)];
  if (words == 0 || score <= unknown) return Language::kUnknown;
  return score / static_cast<double>(words) < 0.3 ? Language::kUnknown : best;
}

}  // namespace veche::text
