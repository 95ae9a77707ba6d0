#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/classification/wording/word_scan.h"

namespace veche::classification {

// A pattern that was found: where the words of its first part stand.
struct PhraseMatch {
  size_t pattern = 0;
  size_t sentence = 0;
  size_t first = 0;  // words of the scan, both belong to it
  size_t last = 0;
};

// Finds phrases in texts by patterns that are data:
//
//   запах*|пахнет газа|газом          both words in one sentence, near each other, in any order
//   нет_тепла & мороз*|минус          parts of a text, each in a sentence of its own or not
//
// A term is a list of alternatives; `*` ends one that is a beginning, `_` joins words that follow
// each other, `~` before one accepts it as spelt by ear. A single word right after «не», «нет»,
// «без», "no" … or right before «нет», "юк" does not count: «газом не пахнет», «запаха газа нет».
// A number with a minus before it reads «минус». Immutable, thread-safe, linear time; a text
// without any first word of a pattern costs little more than walking over it.
class PhraseMatcher {
 public:
  // InvalidArgument naming the pattern that cannot be read.
  static absl::StatusOr<PhraseMatcher> Compile(absl::Span<const std::string> patterns);

  // Each pattern at most three times for each sentence, in the order of the text; its matches there
  // share no word.
  std::vector<PhraseMatch> Find(const WordScan& scan) const;
  std::vector<PhraseMatch> Find(absl::string_view text) const { return Find(WordScan(text)); }

 private:
  struct PatternWord {
    std::string text;  // folded; as it sounds when `by_ear`
    bool prefix = false;
    bool by_ear = false;
  };
  struct Alternative {
    std::vector<PatternWord> words;  // more than one when joined by `_`
    uint32_t part = 0;
    uint32_t term = 0;  // of all terms
  };
  struct Part {
    uint32_t pattern = 0;
    uint32_t number = 0;  // within the pattern
    uint32_t first_term = 0;
    uint32_t terms = 0;
  };
  // The first words of alternatives, found by their hash; a word of a text is looked up by each of
  // its beginnings that is as long as some pattern with the same two first letters.
  struct Index {
    static constexpr size_t kStarts = 4096;
    std::vector<uint64_t> lengths = std::vector<uint64_t>(kStarts);     // bit n: of n bytes, to 63
    absl::flat_hash_map<uint64_t, std::vector<uint32_t>> alternatives;  // by hash
  };
  class Search;

  absl::Status AddPattern(absl::string_view pattern);
  absl::Status AddAlternative(absl::string_view text, uint32_t part, uint32_t term);
  void AddToIndex(const PatternWord& first, uint32_t alternative);

  std::vector<uint32_t> parts_of_;  // how many, by pattern
  std::vector<Part> parts_;
  uint32_t terms_ = 0;
  std::vector<Alternative> alternatives_;
  Index as_written_;
  Index by_ear_;
};

}  // namespace veche::classification
