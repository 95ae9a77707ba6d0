#include "services/classification/wording/phrases.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/text/normalize.h"
#include "common/text/utf8.h"

namespace veche::classification {
namespace {

using WordSet = absl::flat_hash_set<absl::string_view>;

constexpr size_t kWindow = 7;          // words that a part may span
constexpr size_t kMaxMatches = 500;    // of a text; later ones add nothing new
constexpr size_t kMostOfSentence = 3;  // matches of one pattern
constexpr size_t kLongest = 63;        // bytes of a pattern's first word
constexpr uint64_t kHashSeed = 1469598103934665603u;

uint64_t HashByte(uint64_t hash, char byte) {
  return (hash ^ static_cast<unsigned char>(byte)) * 1099511628211u;
}

uint64_t Hash(absl::string_view bytes) {
  uint64_t hash = kHashSeed;
  for (char byte : bytes) hash = HashByte(hash, byte);
  return hash;
}

size_t LetterSize(absl::string_view word, size_t i) {
  if (i >= word.size()) return 0;
  const auto lead = static_cast<unsigned char>(word[i]);
  return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

// By the first two letters, which every beginning has.
size_t StartOf(absl::string_view word, size_t starts) {
  const size_t first = LetterSize(word, 0);
  const uint64_t hash = Hash(word.substr(0, first + LetterSize(word, first)));
  return (hash ^ (hash >> 32)) % starts;
}

bool NegatesNext(absl::string_view word) {
  static const auto* const words =
      new WordSet({"не", "нет", "ни", "без", "нету", "немає", "нема", "ні", "no", "not", "without",
                   "isnt", "doesnt", "dont", "never"});
  return word.size() <= 10 && words->contains(word);
}

bool NegatesBefore(absl::string_view word) {
  static const auto* const words =
      new WordSet({"нет", "нету", "немає", "нема", "юк", "түгел", "отсутствует"});
  return word.size() <= 22 && words->contains(word);
}

// Whether the neighbours of the single word `i` negate it.
bool IsDenied(const WordScan& scan, size_t i) {
  const std::vector<ScannedWord>& words = scan.words;
  auto joined = [&words](size_t right) {
    return !words[right].after_punctuation && words[right].sentence == words[right - 1].sentence;
  };
  if (i > 0 && joined(i) && NegatesNext(scan.Folded(i - 1))) return true;
  for (size_t next = i + 1; next < words.size() && next <= i + 2 && joined(next); ++next) {
    if (NegatesBefore(scan.Folded(next))) return true;
  }
  return false;
}

}  // namespace

// The state of one search in a text.
class PhraseMatcher::Search {
 public:
  Search(const PhraseMatcher& matcher, const WordScan& scan) : matcher_(matcher), scan_(scan) {}

  std::vector<PhraseMatch> Run() {
    for (size_t i = 0; i < scan_.words.size(); ++i) {
      const absl::string_view word = scan_.Folded(i);
      LookUp(matcher_.as_written_, word, i);
      if (!matcher_.by_ear_.alternatives.empty()) LookUpByEar(word, i);
    }
    return std::move(matches_);
  }

 private:
  static constexpr uint32_t kNever = static_cast<uint32_t>(-1);
  struct Done {
    uint32_t pattern, part;
    PhraseMatch match;
  };

  void LookUp(const Index& index, absl::string_view word, size_t i) {
    const uint64_t lengths = index.lengths[StartOf(word, Index::kStarts)];
    if (lengths == 0) return;
    uint64_t hash = kHashSeed;
    for (size_t size = 1; size <= word.size() && size <= kLongest; ++size) {
      hash = HashByte(hash, word[size - 1]);
      if ((lengths >> size & 1) == 0) continue;
      const auto found = index.alternatives.find(hash);
      if (found == index.alternatives.end()) continue;
      for (uint32_t candidate : found->second) Try(matcher_.alternatives_[candidate], i);
    }
  }

  void LookUpByEar(absl::string_view word, size_t i) {
    LookUp(matcher_.by_ear_, SpeltByEar(word), i);
  }

  static bool Fits(const PatternWord& pattern, absl::string_view word) {
    if (pattern.by_ear) {
      const std::string sound = SpeltByEar(word);
      return pattern.prefix ? absl::StartsWith(sound, pattern.text) : sound == pattern.text;
    }
    return pattern.prefix ? absl::StartsWith(word, pattern.text) : word == pattern.text;
  }

  void Try(const Alternative& alternative, size_t i) {
    const size_t length = alternative.words.size();
    const std::vector<ScannedWord>& words = scan_.words;
    if (i + length > words.size() || words[i + length - 1].sentence != words[i].sentence) return;
    for (size_t k = 0; k < length; ++k) {
      if (!Fits(alternative.words[k], scan_.Folded(i + k))) return;
    }
    if (length == 1 && IsDenied(scan_, i)) return;
    if (seen_.empty()) seen_.assign(matcher_.terms_, kNever);
    seen_[alternative.term] = static_cast<uint32_t>(i);
    const Part& part = matcher_.parts_[alternative.part];
    size_t first = i;
    for (uint32_t term = part.first_term; term < part.first_term + part.terms; ++term) {
      if (!IsNear(seen_[term], i)) return;
      first = std::min<size_t>(first, seen_[term]);
    }
    Complete(part, {.pattern = part.pattern,
                    .sentence = words[i].sentence,
                    .first = first,
                    .last = i + length - 1});
  }

  bool IsNear(uint32_t at, size_t i) const {
    return at != kNever && i - at <= kWindow && scan_.words[at].sentence == scan_.words[i].sentence;
  }

  void Complete(const Part& part, const PhraseMatch& match) {
    if (done_.size() >= kMaxMatches) return;
    const PhraseMatch* first_part = part.number == 0 ? &match : nullptr;
    uint32_t parts = 1;  // that are complete
    size_t again = 0;    // earlier matches in the sentence
    std::vector<bool> complete(matcher_.parts_of_[part.pattern]);
    complete[part.number] = true;
    for (const Done& done : done_) {
      if (done.pattern != part.pattern) continue;
      if (done.part == part.number && done.match.sentence == match.sentence &&
          (match.first <= done.match.last || ++again == kMostOfSentence)) {
        return;
      }
      if (!complete[done.part]) ++parts;
      complete[done.part] = true;
      if (done.part == 0 && part.number != 0) first_part = &done.match;
    }
    if (parts == complete.size()) matches_.push_back(*first_part);
    done_.push_back({part.pattern, part.number, match});
  }

  const PhraseMatcher& matcher_;
  const WordScan& scan_;
  std::vector<uint32_t> seen_;  // the last position of each term
  std::vector<Done> done_;
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
    Part added = {.pattern = id, .number = parts_of_.back()++, .first_term = terms_, .terms = 0};
    const auto index = static_cast<uint32_t>(parts_.size());
    for (absl::string_view term : absl::StrSplit(part, ' ', absl::SkipEmpty())) {
      for (absl::string_view alternative : absl::StrSplit(term, '|')) {
        if (absl::Status status = AddAlternative(alternative, index, terms_); !status.ok()) {
          return absl::InvalidArgumentError(absl::StrCat("\"", pattern, "\": ", status.message()));
        }
      }
      ++added.terms;
      ++terms_;
    }
    if (added.terms == 0)
      return absl::InvalidArgumentError(absl::StrCat("\"", pattern, "\": a part is empty"));
    parts_.push_back(added);
  }
  return absl::OkStatus();
}

absl::Status PhraseMatcher::AddAlternative(absl::string_view text, uint32_t part, uint32_t term) {
  Alternative alternative = {.words = {}, .part = part, .term = term};
  for (absl::string_view word : absl::StrSplit(text, '_')) {
    const bool by_ear = absl::ConsumePrefix(&word, "~");
    const bool prefix = absl::ConsumeSuffix(&word, "*");
    if (word.empty() || word.size() > kLongest || text::FoldWord(word) != word) {
      return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is not a folded word"));
    }
    if (prefix && text::CountCharacters(word) < 2) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", text, "\": a prefix needs at least two letters"));
    }
    alternative.words.push_back({by_ear ? SpeltByEar(word) : std::string(word), prefix, by_ear});
  }
  AddToIndex(alternative.words[0], static_cast<uint32_t>(alternatives_.size()));
  alternatives_.push_back(std::move(alternative));
  return absl::OkStatus();
}

void PhraseMatcher::AddToIndex(const PatternWord& first, uint32_t alternative) {
  Index& index = first.by_ear ? by_ear_ : as_written_;
  index.lengths[StartOf(first.text, Index::kStarts)] |= uint64_t{1} << first.text.size();
  index.alternatives[Hash(first.text)].push_back(alternative);
}

std::vector<PhraseMatch> PhraseMatcher::Find(const WordScan& scan) const {
  return Search(*this, scan).Run();
}

}  // namespace veche::classification
