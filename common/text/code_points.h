#pragma once

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

// Internal to common/text: iterates over UTF-8 and classifies code points. All functions are
// thread-safe.

namespace veche::text {

inline constexpr char32_t kIllFormed = 0xFFFFFFFF;

// The code point at `i`; moves `i` past it. kIllFormed, with `i` at least one byte further, when
// the bytes are ill-formed. REQUIRES: i < text.size().
inline char32_t NextCodePoint(absl::string_view text, size_t& i) {
  const auto lead = static_cast<unsigned char>(text[i]);
  if (lead < 0x80) {
    ++i;
    return lead;
  }
  // Two bytes: Cyrillic, the most frequent case.
  if (lead >= 0xC2 && lead < 0xE0 && i + 1 < text.size()) {
    const auto trail = static_cast<unsigned char>(text[i + 1]);
    if ((trail & 0xC0) == 0x80) {
      i += 2;
      return static_cast<char32_t>((lead & 0x1F) << 6 | (trail & 0x3F));
    }
  }
  UChar32 c = 0;
  const char* data = text.data();
  const size_t size = text.size();
  U8_NEXT(data, i, size, c);
  return c < 0 ? kIllFormed : static_cast<char32_t>(c);
}

inline void AppendCodePoint(std::string& out, char32_t c) {
  char bytes[U8_MAX_LENGTH];
  size_t length = 0;
  U8_APPEND_UNSAFE(bytes, length, static_cast<UChar32>(c));
  out.append(bytes, length);
}

inline bool IsAsciiLetter(char32_t c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
inline bool IsAsciiDigit(char32_t c) { return c >= '0' && c <= '9'; }

// Cyrillic letters of living languages; not the signs U+0482–U+0489.
inline bool IsCyrillic(char32_t c) {
  return c >= 0x400 && c <= 0x52F && !(c >= 0x482 && c <= 0x489);
}

inline bool IsLetter(char32_t c) {
  if (c < 0x80) return IsAsciiLetter(c);
  return IsCyrillic(c) || (c != kIllFormed && u_isalpha(static_cast<UChar32>(c)));
}

inline bool IsLetterOrDigit(char32_t c) {
  if (c < 0x80) return IsAsciiLetter(c) || IsAsciiDigit(c);
  return IsCyrillic(c) || (c != kIllFormed && u_isalnum(static_cast<UChar32>(c)));
}

inline bool IsUpper(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z';
  if (c >= 0x400 && c < 0x460) return c < 0x430;
  return c != kIllFormed && u_isupper(static_cast<UChar32>(c));
}

// Lower-cases Russian and Ukrainian letters, nearly all of a text, without ICU's tables.
inline char32_t ToLower(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c | 32 : c;
  if (c >= 0x400 && c < 0x460) return c < 0x410 ? c + 0x50 : c < 0x430 ? c + 0x20 : c;
  return c == kIllFormed ? c : static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
}

inline bool IsSpace(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= 9 && c <= 13);
  return !IsCyrillic(c) && c != kIllFormed && u_isUWhiteSpace(static_cast<UChar32>(c));
}

inline bool IsControl(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

// Marks that belong to the letter before them.
inline bool IsMark(char32_t c) {
  return c >= 0x300 && !IsCyrillic(c) && c != kIllFormed &&
         (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK);
}

// Soft hyphen, zero-width spaces and joiners, direction marks: a reader sees none of them.
inline bool IsInvisible(char32_t c) {
  return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

inline bool IsApostrophe(char32_t c) { return c == '\'' || c == 0x2019 || c == 0x2BC || c == '`'; }

}  // namespace veche::text
