#include "services/classification/phrases.h"

#include <algorithm>
#include <set>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/text/normalize.h"
#include "common/text/tokenize.h"
#include "common/text/utf8.h"

namespace veche::classification {
namespace {

using text::Token;
using WordSet = absl::flat_hash_set<absl::string_view>;

constexpr size_t kMaxTokens = 10'000;
constexpr size_t kWindow = 7;        // words that a part may span
constexpr size_t kMaxMatches = 500;  // of a text; what comes after tells nothing new

struct Word {
  std::string folded;
  size_t sentence = 0;
  bool breath = false;  // punctuation stands before it
};

std::string Start(absl::string_view word) { return std::string(text::PrefixOf(word, 2)); }

bool EndsSentence(absl::string_view gap, const Token& before) {
  if (gap.find_first_of("!?;\n") != absl::string_view::npos) return true;
  if (absl::StrContains(gap, "…")) return true;
  // «ул.», «д.», «кв.» are not ends.
  return absl::StrContains(gap, ".") && text::CountCharacters(before.original) > 3;
}

// Whether a number has a minus of its own, as «-20», and not a hyphen, as «дома 5-20».
bool IsBelowZero(absl::string_view text, const Token& token) {
  if (!absl::ascii_isdigit(token.folded[0]) || token.offset == 0) return false;
  const absl::string_view before = text.substr(0, token.offset);
  for (absl::string_view minus : {"-", "−", "–"}) {
    if (!absl::EndsWith(before, minus)) continue;
    const absl::string_view earlier = before.substr(0, before.size() - minus.size());
    return earlier.empty() || earlier.back() == ' ' || earlier.back() == '(';
  }
  return false;
}

std::vector<Word> Words(absl::string_view text) {
  std::vector<Word> words;
  size_t sentence = 0;
  size_t end = 0;
  const std::vector<Token> tokens = text::Tokenize(text, kMaxTokens);
  for (size_t i = 0; i < tokens.size(); ++i) {
    const absl::string_view gap = text.substr(end, tokens[i].offset - end);
    if (i > 0 && EndsSentence(gap, tokens[i - 1])) ++sentence;
    const bool breath = gap.find_first_of(",:()") != absl::string_view::npos;
    if (IsBelowZero(text, tokens[i])) words.push_back({"минус", sentence, breath});
    words.push_back({tokens[i].folded, sentence, breath});
    end = tokens[i].offset + tokens[i].original.size();
  }
  return words;
}

bool NegatesNext(absl::string_view word) {
  static const auto* const words =
      new WordSet({"не", "нет", "ни", "без", "нету", "немає", "нема", "ні", "no", "not", "without",
                   "isnt", "doesnt", "dont", "never"});
  return words->contains(word);
}

bool NegatesBefore(absl::string_view word) {
  static const auto* const words =
      new WordSet({"нет", "нету", "немає", "нема", "юк", "түгел", "отсутствует"});
  return words->contains(word);
}

// Whether the single word `i` is denied by its neighbours.
bool IsDenied(const std::vector<Word>& words, size_t i) {
  auto joined = [&words](size_t right) {
    return !words[right].breath && words[right].sentence == words[right - 1].sentence;
  };
  if (i > 0 && joined(i) && NegatesNext(words[i - 1].folded)) return true;
  for (size_t next = i + 1; next < words.size() && next <= i + 2 && joined(next); ++next) {
    if (NegatesBefore(words[next].folded)) return true;
  }
  return false;
}

}  // namespace

// The state of one walk over a text.
class PhraseMatcher::Search {
 public:
  Search(const PhraseMatcher& matcher, absl::string_view text)
      : matcher_(matcher),
        words_(Words(text)),
        seen_(matcher.parts_.size()),
        done_(matcher.parts_of_.size()) {
    for (size_t i = 0; i < seen_.size(); ++i) seen_[i].assign(matcher.parts_[i].terms, kNever);
  }

  std::vector<PhraseMatch> Run() {
    for (size_t i = 0; i < words_.size(); ++i) {
      const auto candidates = matcher_.by_start_.find(Start(words_[i].folded));
      if (candidates == matcher_.by_start_.end()) continue;
      for (uint32_t candidate : candidates->second) Try(matcher_.alternatives_[candidate], i);
    }
    return std::move(matches_);
  }

 private:
  static constexpr size_t kNever = static_cast<size_t>(-1);

  void Try(const Alternative& alternative, size_t i) {
    const size_t length = alternative.words.size();
    if (i + length > words_.size() || words_[i + length - 1].sentence != words_[i].sentence) return;
    for (size_t k = 0; k < length; ++k) {
      const std::string& word = words_[i + k].folded;
      const bool fits = alternative.prefix[k] ? absl::StartsWith(word, alternative.words[k])
                                              : word == alternative.words[k];
      if (!fits) return;
    }
    if (length == 1 && IsDenied(words_, i)) return;
    std::vector<size_t>& seen = seen_[alternative.part];
    seen[alternative.term] = i;
    if (std::all_of(seen.begin(), seen.end(), [&](size_t at) { return IsNear(at, i); })) {
      Complete(matcher_.parts_[alternative.part], words_[i].sentence);
    }
  }

  bool IsNear(size_t at, size_t i) const {
    return at != kNever && i - at <= kWindow && words_[at].sentence == words_[i].sentence;
  }

  void Complete(const Part& part, size_t sentence) {
    if (matches_.size() >= kMaxMatches) return;
    std::set<std::pair<uint32_t, size_t>>& done = done_[part.pattern];  // part, sentence
    if (!done.emplace(part.number, sentence).second) return;
    if (matcher_.parts_of_[part.pattern] == 1) return matches_.push_back({part.pattern, sentence});
    if (done.size() > kMaxMatches) return;
    std::set<uint32_t> parts;
    size_t first = sentence;
    for (const auto& [number, where] : done) {
      parts.insert(number);
      if (number == 0) first = where;
    }
    if (parts.size() == matcher_.parts_of_[part.pattern]) matches_.push_back({part.pattern, first});
  }

  const PhraseMatcher& matcher_;
  const std::vector<Word> words_;
  std::vector<std::vector<size_t>> seen_;  // where each term of each part was last
  std::vector<std::set<std::pair<uint32_t, size_t>>> done_;
  std::vector<PhraseMatch> matches_;
};

absl::StatusOr<PhraseMatcher> PhraseMatcher::Compile(absl::Span<const std::string> patterns) {
  PhraseMatcher matcher;
  for (const std::string& pattern : patterns) RETURN_IF_ERROR(matcher.AddPattern(pattern));
  return matcher;
}

absl::Status PhraseMatcher::AddPattern(absl::string_view pattern) {
  const auto id = static_cast<uint32_t>(parts_of_.size());
  parts_of_.push_back(0);
  for (absl::string_view part : absl::StrSplit(pattern, " & ")) {
    Part added = {.pattern = id, .number = parts_of_.back()++, .terms = 0};
    const auto index = static_cast<uint32_t>(parts_.size());
    for (absl::string_view term : absl::StrSplit(part, ' ', absl::SkipEmpty())) {
      for (absl::string_view alternative : absl::StrSplit(term, '|')) {
        if (absl::Status status = AddAlternative(alternative, index, added.terms); !status.ok()) {
          return absl::InvalidArgumentError(absl::StrCat("\"", pattern, "\": ", status.message()));
        }
      }
      ++added.terms;
    }
    if (added.terms == 0)
      return absl::InvalidArgumentError(absl::StrCat("\"", pattern, "\": a part is empty"));
    parts_.push_back(added);
  }
  return absl::OkStatus();
}

absl::Status PhraseMatcher::AddAlternative(absl::string_view text, uint32_t part, uint32_t term) {
  Alternative alternative = {.words = {}, .prefix = {}, .part = part, .term = term};
  for (absl::string_view word : absl::StrSplit(text, '_')) {
    const bool prefix = absl::EndsWith(word, "*");
    if (prefix) word.remove_suffix(1);
    if (word.empty() || text::FoldWord(word) != word) {
      return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is not a folded word"));
    }
    if (prefix && text::CountCharacters(word) < 2) {
      return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" begins with one letter"));
    }
    alternative.words.emplace_back(word);
    alternative.prefix.push_back(prefix);
  }
  by_start_[Start(alternative.words[0])].push_back(static_cast<uint32_t>(alternatives_.size()));
  alternatives_.push_back(std::move(alternative));
  return absl::OkStatus();
}

std::vector<PhraseMatch> PhraseMatcher::Find(absl::string_view text) const {
  return Search(*this, text).Run();
}

}  // namespace veche::classification
