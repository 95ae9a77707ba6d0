#include "services/classification/domain/words.h"

#include <string>

#include "common/text/code_points.h"
#include "common/text/normalize.h"

namespace veche::classification {
namespace {

// The lower-case letter of a code point below kTableSize, or one of these values.
constexpr char16_t kSeparator = 0;
constexpr char16_t kApostrophe = 1;
constexpr char16_t kAttached = 2;  // a mark or invisible: part of a word, but no letter
constexpr char16_t kNeedsIcu = 3;
constexpr size_t kTableSize = 0x530;

char16_t ClassOf(char32_t c) {
  if (text::IsApostrophe(c)) return kApostrophe;
  if (text::IsAsciiDigit(c)) return u'0';
  if (text::IsMark(c) || text::IsInvisible(c)) return kAttached;
  if (!text::IsLetterOrDigit(c)) return kSeparator;
  if (c == 0x401 || c == 0x451) return u'е';
  if (c < 0x80 || text::IsCyrillic(c)) {
    return static_cast<char16_t>(u_tolower(static_cast<UChar32>(c)));
  }
  return kNeedsIcu;
}

using Table = std::array<char16_t, kTableSize>;

const Table& Classes() {
  static const Table table = [] {
    Table built;
    for (size_t c = 0; c < kTableSize; ++c) built[c] = ClassOf(static_cast<char32_t>(c));
    return built;
  }();
  return table;
}

char16_t Classify(const Table& table, char32_t c) {
  if (c < kTableSize) return table[c];
  const char16_t kind = c == text::kIllFormed ? kSeparator : ClassOf(c);
  return kind > kAttached ? kNeedsIcu : kind;
}

// Two-byte sequences are most of Cyrillic text.
inline char32_t Decode(absl::string_view text, size_t& i) {
  const auto lead = static_cast<unsigned char>(text[i]);
  if (lead >= 0xC2 && lead < 0xE0 && i + 1 < text.size()) {
    const auto trail = static_cast<unsigned char>(text[i + 1]);
    if ((trail & 0xC0) == 0x80) {
      i += 2;
      return static_cast<char32_t>(lead & 0x1F) << 6 | (trail & 0x3F);
    }
  }
  return text::NextCodePoint(text, i);
}

struct Twin {
  char16_t latin;
  char16_t cyrillic;
};
constexpr Twin kTwins[] = {{u'a', u'а'}, {u'b', u'в'}, {u'c', u'с'}, {u'e', u'е'}, {u'h', u'н'},
                           {u'i', u'і'}, {u'k', u'к'}, {u'm', u'м'}, {u'o', u'о'}, {u'p', u'р'},
                           {u't', u'т'}, {u'x', u'х'}, {u'y', u'у'}};

bool IsLatin(char16_t c) { return c >= u'a' && c <= u'z'; }
bool IsCyrillic(char16_t c) { return c >= 0x400; }

char16_t ToScript(char16_t c, bool cyrillic) {
  for (const Twin& twin : kTwins) {
    if (cyrillic && c == twin.latin) return twin.cyrillic;
    if (!cyrillic && c == twin.cyrillic) return twin.latin;
  }
  return c;
}

// Turns a word of mixed scripts into one script, if all letters of the other script are
// look-alikes. If that holds for both scripts, the majority wins; «wifi-точка» does not change.
void UndoTwins(Word& word) {
  size_t latin = 0, cyrillic = 0;
  bool latin_imitates = true, cyrillic_imitates = true;
  for (size_t i = 1; i <= word.size; ++i) {
    const char16_t c = word.letters[i];
    if (IsLatin(c)) {
      ++latin;
      latin_imitates = latin_imitates && ToScript(c, true) != c;
    } else if (IsCyrillic(c)) {
      ++cyrillic;
      cyrillic_imitates = cyrillic_imitates && ToScript(c, false) != c;
    }
  }
  if (!latin_imitates && !cyrillic_imitates) return;
  const bool to_cyrillic = latin_imitates && (!cyrillic_imitates || cyrillic >= latin);
  for (size_t i = 1; i <= word.size; ++i) {
    word.letters[i] = ToScript(word.letters[i], to_cyrillic);
  }
}

// Appends a letter; of a run of digits only the first.
void Push(Word& word, char16_t letter) {
  if (word.size == kMaxLetters) return;
  if (letter == u'0' && word.size > 0 && word.letters[word.size] == u'0') return;
  word.letters[++word.size] = letter;
}

void FoldByIcu(absl::string_view written, Word& word) {
  word.size = 0;
  const std::string folded = text::FoldWord(written);
  for (size_t i = 0; i < folded.size();) {
    const char32_t c = text::NextCodePoint(folded, i);
    if (!text::IsLetterOrDigit(c)) continue;
    Push(word, text::IsAsciiDigit(c) ? u'0' : c < 0x10000 ? static_cast<char16_t>(c) : u'\xFFFD');
  }
}

}  // namespace

bool WordReader::FindStart() {
  const Table& table = Classes();
  while (at_ < text_.size()) {
    size_t next = at_;
    if (Classify(table, Decode(text_, next)) >= kNeedsIcu) return true;
    at_ = next;
  }
  return false;
}

bool WordReader::Collect(Word& word) {
  const Table& table = Classes();
  bool icu = false;
  for (size_t next = at_; next < text_.size(); at_ = next) {
    const char16_t letter = Classify(table, Decode(text_, next));
    if (letter > kNeedsIcu) {
      Push(word, letter);
    } else if (letter == kSeparator) {
      break;
    } else if (letter == kApostrophe) {
      size_t after = next;
      if (next == text_.size() || Classify(table, Decode(text_, after)) < kNeedsIcu) break;
    } else {
      icu = true;
    }
  }
  return icu;
}

bool WordReader::Next(Word& word) {
  while (FindStart()) {
    word.size = 0;
    word.offset = at_;
    const bool icu = Collect(word);
    word.length = at_ - word.offset;
    if (icu) FoldByIcu(text_.substr(word.offset, word.length), word);
    if (word.size == 0) continue;
    bool latin = false, cyrillic = false;
    for (size_t i = 1; i <= word.size; ++i) {
      latin = latin || IsLatin(word.letters[i]);
      cyrillic = cyrillic || IsCyrillic(word.letters[i]);
    }
    if (latin && cyrillic) UndoTwins(word);
    word.latin = latin && !cyrillic;
    word.letters[0] = u' ';
    word.letters[word.size + 1] = u' ';
    return true;
  }
  return false;
}

}  // namespace veche::classification
