#include "common/text/normalize.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>

#include "common/text/code_points.h"
#include "common/text/utf8.h"

namespace veche::text {
namespace {

// Canonical ordering of marks is quadratic in the length of a run, so runs are cut (UAX #15,
// stream-safe text, allows 30).
constexpr int kMaxMarks = 30;

// Runs an ICU normaliser; the input must be valid UTF-8 with bounded runs of marks.
std::string Normalize(const icu::Normalizer2* (*instance)(UErrorCode&), const std::string& text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = instance(error);
  std::string out;
  out.reserve(text.size());
  icu::StringByteSink<std::string> sink(&out);
  if (U_SUCCESS(error)) normalizer->normalizeUTF8(0, text, sink, nullptr, error);
  return U_SUCCESS(error) ? out : text;
}

std::string CutMarks(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  int marks = 0;
  for (size_t i = 0; i < text.size();) {
    const size_t start = i;
    const char32_t c = NextCodePoint(text, i);
    marks = IsMark(c) ? marks + 1 : 0;
    if (marks <= kMaxMarks) out.append(text.data() + start, i - start);
  }
  return out;
}

const icu::Normalizer2* Nfc(UErrorCode& error) { return icu::Normalizer2::getNFCInstance(error); }
const icu::Normalizer2* NfkcCasefold(UErrorCode& error) {
  return icu::Normalizer2::getNFKCCasefoldInstance(error);
}

// Whether NFC would not change a text because it has only Latin, Cyrillic and common punctuation,
// without marks, like nearly all texts (UAX #15, NFC_Quick_Check).
bool IsPlain(absl::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const char32_t c = NextCodePoint(text, i);
    const bool plain =
        (c > 0 && c < 0x300) || IsCyrillic(c) || (c >= 0x2010 && c <= 0x2027) || c == 0x2116;
    if (!plain) return false;
  }
  return true;
}

// Whether Clean would not change a text: plain words with single spaces, like nearly all texts.
bool IsClean(absl::string_view text) {
  char32_t last = ' ';
  for (size_t i = 0; i < text.size();) {
    const char32_t c = NextCodePoint(text, i);
    const bool clean = c == ' ' ? last != ' '
                                : (c > ' ' && c < 0x7F) || IsCyrillic(c) ||
                                      (c > 0xA0 && c < 0x300 && c != 0xAD) ||
                                      (c >= 0x2010 && c <= 0x2027) || c == 0x2116;
    if (!clean) return false;
    last = c;
  }
  return last != ' ';
}

std::string ToNfc(absl::string_view text) {
  return IsPlain(text) ? std::string(text) : Normalize(&Nfc, CutMarks(ScrubUtf8(text)));
}

// The last step of folding, after ICU: ё→е, no apostrophe between letters.
void AppendFolded(std::string& out, absl::string_view text, size_t& i) {
  const char32_t c = NextCodePoint(text, i);
  if (c == 0x451) return AppendCodePoint(out, 0x435);
  if (IsApostrophe(c) && !out.empty() && i < text.size()) {
    size_t last = out.size();
    do --last;
    while (last > 0 && (static_cast<unsigned char>(out[last]) & 0xC0) == 0x80);
    size_t next = i;
    if (IsLetter(NextCodePoint(out, last)) && IsLetter(NextCodePoint(text, next))) return;
  }
  AppendCodePoint(out, c == kIllFormed ? 0xFFFD : c);
}

// Folds a word of ASCII and Cyrillic alone, like nearly all words; false when ICU is needed.
bool FoldPlainWord(absl::string_view word, std::string& out) {
  for (size_t i = 0; i < word.size();) {
    char32_t c = NextCodePoint(word, i);
    if (c < 0x80) {
      if (c >= 'A' && c <= 'Z') c |= 32;
      if (!IsApostrophe(c)) out.push_back(static_cast<char>(c));
    } else if (IsCyrillic(c)) {
      c = ToLower(c);
      AppendCodePoint(out, c == 0x451 ? 0x435 : c);
    } else {
      return false;
    }
  }
  return true;
}

// The Cyrillic letter that looks like a small Latin letter; 0 when there is none.
char32_t CyrillicTwin(char32_t c) {
  switch (c) {
    case 'a':
      return U'а';
    case 'b':
      return U'в';
    case 'c':
      return U'с';
    case 'e':
      return U'е';
    case 'h':
      return U'н';
    case 'i':
      return U'і';
    case 'k':
      return U'к';
    case 'm':
      return U'м';
    case 'o':
      return U'о';
    case 'p':
      return U'р';
    case 't':
      return U'т';
    case 'x':
      return U'х';
    case 'y':
      return U'у';
    default:
      return 0;
  }
}

// Replaces the Latin letters of «кoлoдец» by Cyrillic ones; leaves words that mix scripts on
// purpose («wi-fi-точка»).
std::string UndoTwins(std::string word) {
  bool cyrillic = false;
  bool latin = false;
  for (size_t i = 0; i < word.size();) {
    const char32_t c = NextCodePoint(word, i);
    cyrillic = cyrillic || IsCyrillic(c);
    if (!IsAsciiLetter(c)) continue;
    if (CyrillicTwin(c) == 0) return word;
    latin = true;
  }
  if (!cyrillic || !latin) return word;
  std::string out;
  for (size_t i = 0; i < word.size();) {
    const char32_t c = NextCodePoint(word, i);
    const char32_t twin = CyrillicTwin(c);
    AppendCodePoint(out, twin != 0 ? twin : c);
  }
  return out;
}

}  // namespace

std::string Clean(absl::string_view text) {
  if (IsClean(text)) return std::string(text);
  const std::string valid = ToNfc(text);
  std::string out;
  out.reserve(valid.size());
  int breaks = 0;
  bool space = false;
  for (size_t i = 0; i < valid.size();) {
    const size_t start = i;
    const char32_t c = NextCodePoint(valid, i);
    if (c == '\n' || c == 0x2028 || c == 0x2029) {
      ++breaks;
    } else if (IsSpace(c)) {
      space = true;
    } else if (!IsControl(c) && (!IsInvisible(c) || c == 0x200D)) {
      if (!out.empty() && breaks > 0) {
        out.append(std::min(breaks, 2), '\n');
      } else if (!out.empty() && space) {
        out.push_back(' ');
      }
      breaks = 0;
      space = false;
      out.append(valid, start, i - start);
    }
  }
  return out;
}

std::string Fold(absl::string_view text) {
  const std::string folded = Normalize(&NfkcCasefold, CutMarks(ScrubUtf8(text)));
  std::string out;
  out.reserve(folded.size());
  bool space = false;
  for (size_t i = 0; i < folded.size();) {
    size_t next = i;
    const char32_t c = NextCodePoint(folded, next);
    if (IsSpace(c) || IsControl(c)) {
      space = true;
      i = next;
      continue;
    }
    if (space && !out.empty()) out.push_back(' ');
    space = false;
    AppendFolded(out, folded, i);
  }
  return out;
}

std::string FoldWord(absl::string_view word) {
  // Twice the kept length: folding may join a letter and a mark into one character.
  word = PrefixOf(word, 2 * kMaxWordCharacters);
  std::string out;
  if (!FoldPlainWord(word, out)) out = Fold(word);
  out.resize(PrefixOf(out, kMaxWordCharacters).size());
  return UndoTwins(std::move(out));
}

}  // namespace veche::text
