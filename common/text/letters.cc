#include "common/text/letters.h"

#include <algorithm>

#include "common/text/code_points.h"

namespace veche::text {

LetterCounts CountLetters(absl::string_view text) {
  LetterCounts counts;
  size_t run = 0;
  char32_t last = 0;
  for (size_t i = 0; i < text.size();) {
    const char32_t c = NextCodePoint(text, i);
    run = c == last ? run + 1 : 1;
    last = c;
    if (!IsSpace(c)) counts.longest_run = std::max(counts.longest_run, run);
    if (!IsLetter(c)) continue;
    ++counts.letters;
    if (IsUpper(c)) ++counts.capitals;
  }
  return counts;
}

}  // namespace veche::text
