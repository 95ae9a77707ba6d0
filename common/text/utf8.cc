#include "common/text/utf8.h"

#include "absl/strings/str_cat.h"
#include "common/text/code_points.h"

namespace veche::text {

bool IsValidUtf8(absl::string_view text) {
  for (size_t i = 0; i < text.size();) {
    if (NextCodePoint(text, i) == kIllFormed) return false;
  }
  return true;
}

size_t CountCharacters(absl::string_view text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); ++count) NextCodePoint(text, i);
  return count;
}

std::string ScrubUtf8(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const size_t start = i;
    const char32_t c = NextCodePoint(text, i);
    if (c == kIllFormed) {
      out.append("\xEF\xBF\xBD");
    } else if (c == 0) {
      out.push_back(' ');
    } else {
      out.append(text.data() + start, i - start);
    }
  }
  return out;
}

absl::string_view PrefixOf(absl::string_view text, size_t characters) {
  size_t i = 0;
  for (; i < text.size() && characters > 0; --characters) NextCodePoint(text, i);
  return text.substr(0, i);
}

Text TextProblem(absl::string_view text, const TextLimits& limits) {
  size_t characters = 0;
  size_t leading = 0;
  size_t trailing = 0;
  for (size_t i = 0; i < text.size(); ++characters) {
    const char32_t c = NextCodePoint(text, i);
    if (c == kIllFormed) return "NOT_UTF8";
    if (c == 0) return "NUL_CHARACTER";
    if (limits.single_line && IsControl(c)) return "CONTROL_CHARACTER";
    if (IsSpace(c)) {
      ++trailing;
      if (leading == characters) ++leading;
    } else {
      trailing = 0;
    }
  }
  const size_t inner = leading == characters ? 0 : characters - leading - trailing;
  if (inner < limits.min_characters) {
    if (inner == 0) return "MUST_NOT_BE_EMPTY";
    return {"TOO_SHORT",
            {{"least", absl::StrCat(limits.min_characters)}, {"has", absl::StrCat(inner)}}};
  }
  if (characters > limits.max_characters) {
    return {"TOO_LONG",
            {{"most", absl::StrCat(limits.max_characters)}, {"has", absl::StrCat(characters)}}};
  }
  return {};
}

}  // namespace veche::text
