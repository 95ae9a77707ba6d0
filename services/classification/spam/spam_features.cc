#include "services/classification/spam/spam_features.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/text/letters.h"
#include "common/text/normalize.h"
#include "services/classification/classifier/reference.h"

namespace veche::classification {
namespace {

constexpr size_t kLeastLetters = 15;  // before capitals are counted
constexpr double kUsualCapitals = 0.3;
constexpr size_t kUsualRun = 3;  // "...", "!!!"
constexpr double kFullRun = 6;   // more characters than kUsualRun
constexpr size_t kLeastWords = 5;
constexpr double kUsualWordShare = 0.2;
constexpr size_t kLeastPhoneDigits = 10;
constexpr size_t kLeastHandleLetters = 4;
constexpr size_t kLeastComparedWords = 3;
constexpr double kUsualSimilarity = 0.4;
constexpr double kAdvertisingOdds = 4;  // log odds at which the feature is 0 (below) and 1 (above)

constexpr absl::string_view kPageDomains[] = {"ru", "com",  "net",  "org", "рф",  "su",
                                              "ua", "info", "site", "pro", "biz", "tatar"};
// Of channels, shortened addresses and cheap domains: they count twice.
constexpr absl::string_view kInvitingDomains[] = {"me",     "ly",   "gl",   "xyz",   "top",
                                                  "online", "shop", "club", "store", "link"};

double Bounded(double x) { return std::clamp(x, 0.0, 1.0); }

// With `one` for the first, and the same share of what is left to 1 for each further one.
double OfCount(size_t count, double one) {
  return 1 - std::pow(1 - one, static_cast<double>(count));
}

// The log odds of adverts by words and wording.
double AdvertisingOdds(absl::string_view text) {
  const WordScan scan(text);
  if (scan.words.empty()) return -kAdvertisingOdds;
  const Tone tone = DefaultWording().Judge(scan).tone;
  const double spam =
      std::clamp(DefaultModerationRules().Judge("", scan, &tone).spam, 1e-6, 1 - 1e-6);
  return std::log(spam / (1 - spam));
}

absl::string_view WithoutPunctuation(absl::string_view word) {
  while (!word.empty() && absl::StrContains(".,;:!?()\"'", word.back())) word.remove_suffix(1);
  while (!word.empty() && absl::StrContains("(\"'", word.front())) word.remove_prefix(1);
  return word;
}

bool IsMail(absl::string_view word) {
  const size_t at = word.find('@');
  return at != absl::string_view::npos && at > 0 && absl::StrContains(word.substr(at), '.');
}

bool IsHandle(absl::string_view word) {
  return absl::ConsumePrefix(&word, "@") && word.size() >= kLeastHandleLetters;
}

bool Has(absl::Span<const absl::string_view> names, absl::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// 0 when the folded word is no address of a page, 2 when the address is of an inviting domain.
size_t LinksIn(absl::string_view word) {
  if (IsMail(word)) return 0;
  const size_t scheme = word.find("://");
  const bool named = scheme != absl::string_view::npos || absl::StartsWith(word, "www.");
  if (scheme != absl::string_view::npos) word.remove_prefix(scheme + 3);
  const absl::string_view host = word.substr(0, word.find('/'));
  const size_t dot = host.rfind('.');
  if (dot == absl::string_view::npos || dot == 0) return named;
  const absl::string_view domain = host.substr(dot + 1);
  if (Has(kInvitingDomains, domain)) return 2;
  return named || Has(kPageDomains, domain);
}

// Whether a run of digits is a phone number of somebody: not the number of a document, nor a hot
// line, which is free to call.
bool IsPhone(absl::string_view digits, bool plus) {
  if (digits.size() < kLeastPhoneDigits) return false;
  if (absl::StartsWith(digits, "8800") || absl::StartsWith(digits, "7800")) return false;
  return plus || digits[0] == '8' || digits[0] == '0';
}

// Runs of digits, spaces and the signs of phone numbers that are phone numbers.
size_t CountPhones(absl::string_view text) {
  size_t phones = 0;
  std::string digits;
  bool plus = false;
  const auto end_run = [&] {
    phones += IsPhone(digits, plus);
    digits.clear();
    plus = false;
  };
  for (const char c : text) {
    if (absl::ascii_isdigit(c)) {
      digits += c;
    } else if (c == '+') {
      end_run();
      plus = true;
    } else if (!absl::StrContains(" -()", c)) {
      end_run();
    }
  }
  end_run();
  return phones;
}

// The text without what has a feature of its own: links, contacts, words with a run of one
// character, and a word from its third time on.
std::string PlainWords(absl::string_view text) {
  std::string plain;
  absl::flat_hash_map<std::string, int> found;
  for (absl::string_view word :
       absl::StrSplit(text, absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty())) {
    const std::string folded = text::Fold(WithoutPunctuation(word));
    if (LinksIn(folded) > 0 || IsMail(folded) || IsHandle(folded)) continue;
    if (text::CountLetters(word).longest_run > kUsualRun || ++found[folded] > 2) continue;
    absl::StrAppend(&plain, plain.empty() ? "" : " ", word);
  }
  return plain;
}

double Capitals(const text::LetterCounts& counts) {
  if (counts.letters < kLeastLetters) return 0;
  const double share = static_cast<double>(counts.capitals) / static_cast<double>(counts.letters);
  return Bounded((share - kUsualCapitals) / (1 - kUsualCapitals));
}

double Repetition(const text::LetterCounts& counts, const WordScan& scan) {
  double most = 0;
  if (counts.longest_run > kUsualRun) {
    most = Bounded(static_cast<double>(counts.longest_run - kUsualRun) / kFullRun);
  }
  if (scan.words.size() < kLeastWords) return most;
  absl::flat_hash_map<absl::string_view, size_t> found;
  size_t largest = 0;
  for (size_t i = 0; i < scan.words.size(); ++i) {
    largest = std::max(largest, ++found[scan.Folded(i)]);
  }
  const double share = static_cast<double>(largest - 1) / static_cast<double>(scan.words.size());
  return std::max(most, Bounded((share - kUsualWordShare) / (1 - kUsualWordShare) * 2));
}

std::set<std::string> WordsOf(const WordScan& scan) {
  std::set<std::string> words;
  for (size_t i = 0; i < scan.words.size(); ++i) words.emplace(scan.Folded(i));
  return words;
}

double SaidBefore(const WordScan& scan, absl::Span<const std::string> recent) {
  const std::set<std::string> words = WordsOf(scan);
  if (words.size() < kLeastComparedWords) return 0;
  double most = 0;
  for (const std::string& earlier : recent) {
    const std::set<std::string> others = WordsOf(WordScan(earlier));
    const auto common =
        static_cast<double>(std::count_if(words.begin(), words.end(), [&](const std::string& word) {
          return others.contains(word);
        }));
    const double all = static_cast<double>(words.size() + others.size()) - common;
    most = std::max(most, common / all);
  }
  return Bounded((most - kUsualSimilarity) / (1 - kUsualSimilarity));
}

// Words of the text as it is written, because folded words have one alphabet. Other bytes than
// letters of the two alphabets end a word.
size_t CountMixedWords(absl::string_view text) {
  size_t mixed = 0;
  bool latin = false, cyrillic = false;
  const auto end_word = [&] {
    mixed += latin && cyrillic;
    latin = cyrillic = false;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (absl::ascii_isalpha(byte)) {
      latin = true;
    } else if (byte >= 0xD0 && byte <= 0xD4 && i + 1 < text.size()) {
      cyrillic = true;  // U+0400 to U+053F
      ++i;
    } else {
      end_word();
    }
  }
  end_word();
  return mixed;
}

}  // namespace

SpamFeatures ReadSpamFeatures(absl::string_view text, absl::Span<const std::string> recent) {
  const WordScan scan(text);
  const text::LetterCounts counts = text::CountLetters(text);
  const std::string folded = text::Fold(text);
  size_t links = 0, contacts = CountPhones(folded);
  for (absl::string_view word : absl::StrSplit(folded, ' ', absl::SkipEmpty())) {
    word = WithoutPunctuation(word);
    links += LinksIn(word);
    contacts += IsMail(word) || IsHandle(word);
  }
  return {Bounded((AdvertisingOdds(PlainWords(text)) + kAdvertisingOdds) / (2 * kAdvertisingOdds)),
          OfCount(links, 0.5),
          OfCount(contacts, 0.75),
          Capitals(counts),
          Repetition(counts, scan),
          SaidBefore(scan, recent),
          OfCount(CountMixedWords(text), 0.5)};
}

}  // namespace veche::classification
