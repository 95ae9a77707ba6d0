#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace veche::classification {

// A pattern that was found, and the sentence in which its first part was complete.
struct PhraseMatch {
  size_t pattern = 0;
  size_t sentence = 0;
};

// Finds phrases in texts by patterns that are data:
//
//   запах*|пахнет газа|газом          both words in one sentence, near each other, in any order
//   нет_тепла & мороз*|минус          parts of a text, each in a sentence of its own or not
//
// A term is a list of alternatives; `*` ends one that is a beginning, `_` joins words that follow
// each other. A single word right after «не», «нет», «без», "no" … or right before «нет», "юк" does
// not count: «газом не пахнет», «запаха газа нет». A number with a minus before it reads «минус».
// Immutable, thread-safe, linear time.
class PhraseMatcher {
 public:
  // InvalidArgument naming the pattern that cannot be read.
  static absl::StatusOr<PhraseMatcher> Compile(absl::Span<const std::string> patterns);

  // Each pattern at most once for each sentence, in the order of the text.
  std::vector<PhraseMatch> Find(absl::string_view text) const;

 private:
  struct Alternative {
    std::vector<std::string> words;  // folded; more than one when joined by `_`
    std::vector<bool> prefix;        // by word
    uint32_t part = 0;
    uint32_t term = 0;
  };
  struct Part {
    uint32_t pattern = 0;
    uint32_t number = 0;  // within the pattern
    uint32_t terms = 0;
  };
  class Search;

  absl::Status AddPattern(absl::string_view pattern);
  absl::Status AddAlternative(absl::string_view text, uint32_t part, uint32_t term);

  std::vector<uint32_t> parts_of_;  // how many, by pattern
  std::vector<Part> parts_;
  std::vector<Alternative> alternatives_;
  // Alternatives by the first two letters of their first word.
  absl::flat_hash_map<std::string, std::vector<uint32_t>> by_start_;
};

}  // namespace veche::classification
