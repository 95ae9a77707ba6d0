#include "common/text/tokenize.h"

#include <utility>

#include "common/text/code_points.h"
#include "common/text/normalize.h"
#include "common/text/words.h"

namespace veche::text {
namespace {

// The end of the word that starts at `start`.
size_t WordEnd(absl::string_view text, size_t start) {
  size_t end = start;
  for (size_t i = start; i < text.size();) {
    const char32_t c = NextCodePoint(text, i);
    if (IsLetterOrDigit(c)) {
      end = i;
      continue;
    }
    if (IsMark(c) || IsInvisible(c)) continue;
    size_t next = i;
    if (IsApostrophe(c) && next < text.size() && IsLetter(NextCodePoint(text, next))) continue;
    break;
  }
  return end;
}

// Moves `end` past the marks that belong to the last letter.
size_t WithMarks(absl::string_view text, size_t end) {
  for (size_t i = end; i < text.size();) {
    if (!IsMark(NextCodePoint(text, i))) break;
    end = i;
  }
  return end;
}

}  // namespace

absl::string_view NextWord(absl::string_view text, size_t& i) {
  while (i < text.size()) {
    const size_t start = i;
    if (!IsLetterOrDigit(NextCodePoint(text, i))) continue;
    i = WithMarks(text, WordEnd(text, start));
    return text.substr(start, i - start);
  }
  return {};
}

std::vector<Token> Tokenize(absl::string_view text, size_t max_tokens) {
  std::vector<Token> tokens;
  for (size_t i = 0; tokens.size() < max_tokens;) {
    const absl::string_view original = NextWord(text, i);
    if (original.empty()) break;
    std::string folded = FoldWord(original);
    const size_t offset = static_cast<size_t>(original.data() - text.data());
    if (!folded.empty()) tokens.push_back({original, offset, std::move(folded)});
  }
  return tokens;
}

}  // namespace veche::text
