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

// A match of a pattern: the position of the words of its first part.
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
// A term is a list of alternatives: `*` after a word makes it a prefix, `_` joins words that follow
// each other, `~` before a word also accepts its phonetic spellings. A negated single word does not
// count: right after «не», «нет», «без», "no" …, or right before «нет», "юк" («газом не пахнет»,
// «запаха газа нет»). A minus before a number reads «минус». Immutable, thread-safe, linear time.
class PhraseMatcher {
 public:
  // InvalidArgument with the pattern that cannot be read.
  static absl::StatusOr<PhraseMatcher> Compile(absl::Span<const std::string> patterns);

  // The matches in the order of the text: each pattern at most three times in a sentence, without
  // common words.
  std::vector<PhraseMatch> Find(const WordScan& scan) const;
  std::vector<PhraseMatch> Find(absl::string_view text) const { return Find(WordScan(text)); }

 private:
  struct PatternWord {
    std::string text;  // folded; phonetic (SpeltByEar) when `by_ear`
    bool prefix = false;
    bool by_ear = false;
  };
  struct Alternative {
    std::vector<PatternWord> words;  // several when joined by `_`
    uint32_t part = 0;
    uint32_t term = 0;  // index among all terms
  };
  struct Part {
    uint32_t pattern = 0;
    uint32_t number = 0;  // within the pattern
    uint32_t first_term = 0;
    uint32_t terms = 0;
  };
  // Finds alternatives by the hash of their first word. A word of a text is looked up by each of
  // its prefixes whose length occurs among patterns with the same first two letters.
  struct Index {
    static constexpr size_t kStarts = 4096;
    std::vector<uint64_t> lengths =
        std::vector<uint64_t>(kStarts);  // bit n: a pattern of n bytes exists; up to 63
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
