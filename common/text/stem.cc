#include "common/text/stem.h"

#include <libstemmer.h>

#include <algorithm>
#include <memory>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "common/text/code_points.h"
#include "common/text/tokenize.h"
#include "common/text/ukrainian_stem.h"

namespace veche::text {
namespace {

constexpr absl::string_view kStopWords =
    "и в во на не с со у к ко по за из от до о об а но да же ли бы что как это этот эта эти то та "
    "тот те так или для при без над под мы вы я он она они оно нам нас вам вас мне меня его ее их "
    "наш наша наше наши нашем нашей есть был была было были будет уже еще очень все весь всех "
    "і й та що як це цей ця ці той або для при без над під ми ви він вона вони нам нас вам вас "
    "мене його її їх вже ще дуже все від до з із зі у є був була було були але не ж "
    "the a an and or is are was were be been in on at of to for with by from this that it its we "
    "our you your i my they he she not no";

struct StemmerDeleter {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};
using Stemmer = std::unique_ptr<sb_stemmer, StemmerDeleter>;

std::string Snowball(sb_stemmer* stemmer, absl::string_view word) {
  const sb_symbol* stem =
      stemmer == nullptr ? nullptr
                         : sb_stemmer_stem(stemmer, reinterpret_cast<const sb_symbol*>(word.data()),
                                           static_cast<int>(word.size()));
  if (stem == nullptr) return std::string(word);  // out of memory
  return std::string(reinterpret_cast<const char*>(stem),
                     static_cast<size_t>(sb_stemmer_length(stemmer)));
}

std::string StemRussian(absl::string_view word) {
  // A stemmer keeps a buffer, so each thread has its own.
  thread_local const Stemmer stemmer(sb_stemmer_new("russian", "UTF_8"));
  return Snowball(stemmer.get(), word);
}

std::string StemEnglish(absl::string_view word) {
  thread_local const Stemmer stemmer(sb_stemmer_new("english", "UTF_8"));
  return Snowball(stemmer.get(), word);
}

bool HasDigit(absl::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return absl::ascii_isdigit(c); });
}

// Keeps only the characters that full-text engines count as part of a word.
void DropMarks(std::string& word) {
  std::string kept;
  for (size_t i = 0; i < word.size();) {
    const char32_t c = NextCodePoint(word, i);
    if (IsLetterOrDigit(c)) AppendCodePoint(kept, c);
  }
  word.swap(kept);
}

}  // namespace

std::string Stem(absl::string_view folded_word, Language language) {
  if (HasDigit(folded_word)) return std::string(folded_word);
  switch (language) {
    case Language::kRussian:
      return StemRussian(folded_word);
    case Language::kUkrainian:
      return StemUkrainian(folded_word);
    case Language::kEnglish:
      return StemEnglish(folded_word);
    case Language::kTatar:
    case Language::kUnknown:
      break;
  }
  return std::string(folded_word);
}

std::string Stem(absl::string_view folded_word) {
  return Stem(folded_word, WordLanguage(folded_word));
}

bool IsStopWord(absl::string_view folded_word) {
  static const auto* const words =
      new absl::flat_hash_set<absl::string_view>(absl::StrSplit(kStopWords, ' '));
  return words->contains(folded_word);
}

std::vector<std::string> SearchTerms(absl::string_view text, size_t max_terms) {
  std::vector<std::string> terms;
  for (const Token& token : Tokenize(text)) {
    if (IsStopWord(token.folded)) continue;
    std::string term = Stem(token.folded);
    DropMarks(term);
    if (!term.empty()) terms.push_back(std::move(term));
  }
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  if (terms.size() > max_terms) terms.resize(max_terms);
  return terms;
}

}  // namespace veche::text
