#include "services/gateway/json/print.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <bit>
#include <cmath>

#include "services/gateway/json/tokens.h"

namespace veche::gateway::json {
namespace {

constexpr char kHex[] = "0123456789abcdef";

template <typename T>
void WriteFloating(T value, Output& out) {
  if (std::isfinite(value)) {
    char* p = out.Need(32);
    out.Advance(std::to_chars(p, p + 32, value).ptr);
  } else {
    out.Put(std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  }
}

char* Escape(unsigned char c, char* p) {
  *p++ = '\\';
  switch (c) {
    case '"':
    case '\\':
      *p++ = static_cast<char>(c);
      return p;
    case '\n':
      *p++ = 'n';
      return p;
    case '\r':
      *p++ = 'r';
      return p;
    case '\t':
      *p++ = 't';
      return p;
    default:
      std::memcpy(p, "u00", 3);
      p[3] = kHex[c >> 4];
      p[4] = kHex[c & 15];
      return p + 5;
  }
}

bool NeedsEscape(unsigned char c) { return c < 0x20 || c == '"' || c == '\\'; }

}  // namespace

void WriteDouble(double value, Output& out) { WriteFloating(value, out); }
void WriteFloat(float value, Output& out) { WriteFloating(value, out); }

bool WriteString(absl::string_view text, Output& out) {
  constexpr size_t kSlack = 16 + 6 + 2;  // a block, an escape, two quotes
  const char* s = text.data();
  const char* const end = s + text.size();
  char* p = out.Need(text.size() + kSlack);
  unsigned non_ascii = 0;
  *p++ = '"';
  auto escape = [&] {
    out.Advance(Escape(static_cast<unsigned char>(*s++), p));
    p = out.Need(static_cast<size_t>(end - s) + kSlack);
  };
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i control = _mm_set1_epi8(0x1f);
  while (end - s >= 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(s));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), block);
    const __m128i special =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)),
                     _mm_cmpeq_epi8(_mm_min_epu8(block, control), block));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(special));
    non_ascii |= static_cast<unsigned>(_mm_movemask_epi8(block));
    const int plain = mask == 0 ? 16 : std::countr_zero(mask);
    s += plain;
    p += plain;
    if (mask != 0) escape();
  }
#endif
  while (s < end) {
    non_ascii |= static_cast<unsigned char>(*s) & 0x80u;
    if (NeedsEscape(static_cast<unsigned char>(*s))) {
      escape();
    } else {
      *p++ = *s++;
    }
  }
  *p++ = '"';
  out.Advance(p);
  return non_ascii == 0 || IsUtf8(text);
}

}  // namespace veche::gateway::json
