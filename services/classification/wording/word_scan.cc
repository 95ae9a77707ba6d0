#include "services/classification/wording/word_scan.h"

#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/text/normalize.h"
#include "common/text/tokenize.h"
#include "common/text/utf8.h"

namespace veche::classification {
namespace {

constexpr size_t kMaxWords = 10'000;
constexpr size_t kLongestQuote = 100;  // characters
constexpr absl::string_view kMinus = "минус";

// The class of a code point in the fast scan. For a code point that the fast scan does not know,
// Tokenize is used instead.
enum class Sort : uint8_t { kSlow, kGap, kDigit, kLatin, kCyrillic, kApostrophe };

struct CodePoint {
  Sort sort = Sort::kSlow;
  uint8_t size = 1;     // in bytes
  char folded[2] = {};  // as many bytes as `size` for letters
};

CodePoint Cyrillic(unsigned char lead, unsigned char next) {
  uint32_t c = (lead & 0x1Fu) << 6 | (next & 0x3Fu);
  if (c == 0x401 || c == 0x451) {
    c = 0x435;  // ё
  } else if (c >= 0x410 && c <= 0x42F) {
    c += 0x20;
  } else if (c >= 0x400 && c <= 0x40F) {
    c += 0x50;
  } else if ((c >= 0x490 && c <= 0x4BF) || (c >= 0x4D0 && c <= 0x4FF)) {
    c |= 1;  // capitals are even
  } else if (c < 0x430 || c > 0x45F) {
    return {};
  }
  return {Sort::kCyrillic,
          2,
          {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))}};
}

CodePoint Ascii(char c) {
  if (absl::ascii_isdigit(c)) return {Sort::kDigit, 1, {c}};
  if (absl::ascii_isalpha(c)) return {Sort::kLatin, 1, {absl::ascii_tolower(c)}};
  return {c == '\'' || c == '`' ? Sort::kApostrophe : Sort::kGap, 1, {}};
}

CodePoint At(absl::string_view text, size_t i) {
  static const auto* const table = [] {
    auto* built = new std::array<CodePoint, 128 + 4 * 64>();
    for (int c = 0; c < 128; ++c) (*built)[c] = Ascii(static_cast<char>(c));
    for (int c = 0; c < 4 * 64; ++c) {
      (*built)[128 + c] = Cyrillic(0xD0 | (c >> 6), 0x80 | (c & 0x3F));
    }
    return built;
  }();
  const auto lead = static_cast<unsigned char>(text[i]);
  if (lead < 0x80) return (*table)[lead];
  const auto byte = [&](size_t k) {
    return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0;
  };
  if ((byte(1) & 0xC0) != 0x80) return {};
  if (lead >= 0xD0 && lead <= 0xD3) return (*table)[128 + ((lead & 3) << 6) + (byte(1) & 0x3F)];
  if (lead == 0xC2 && (byte(1) == 0xA0 || byte(1) == 0xAB || byte(1) == 0xBB || byte(1) == 0xB0)) {
    return {Sort::kGap, 2, {}};  // space, «, », °
  }
  if (lead == 0xE2 && byte(1) == 0x80) {
    if (byte(2) == 0x99) return {Sort::kApostrophe, 3, {}};
    // Dashes, quotes, bullets and the ellipsis.
    if (byte(2) >= 0x90 && byte(2) <= 0xA6) return {Sort::kGap, 3, {}};
  }
  if (lead == 0xE2 && byte(1) == 0x84 && byte(2) == 0x96) return {Sort::kGap, 3, {}};  // №
  if (lead == 0xCA && byte(1) == 0xBC) return {Sort::kApostrophe, 2, {}};
  return {};
}

bool EndsSentence(absl::string_view gap, absl::string_view before) {
  if (gap.find_first_of("!?;\n") != absl::string_view::npos) return true;
  if (absl::StrContains(gap, "…")) return true;
  // A dot after «ул.», «д.», «кв.» does not end a sentence.
  return absl::StrContains(gap, ".") && text::CountCharacters(before) > 3;
}

// Whether the number is negative («-20»), as opposed to one after a hyphen («дома 5-20»).
bool IsBelowZero(absl::string_view text, size_t offset) {
  if (offset == 0 || !absl::ascii_isdigit(text[offset])) return false;
  const absl::string_view before = text.substr(0, offset);
  for (absl::string_view minus : {"-", "−", "–"}) {
    if (!absl::EndsWith(before, minus)) continue;
    const absl::string_view earlier = before.substr(0, before.size() - minus.size());
    return earlier.empty() || earlier.back() == ' ' || earlier.back() == '(';
  }
  return false;
}

// Scans a text.
class Walk {
 public:
  Walk(absl::string_view text, WordScan& scan) : text_(text), scan_(scan) {}

  // False at a code point that only Tokenize handles.
  bool Quickly() {
    for (size_t i = 0; i < text_.size() && scan_.words.size() < kMaxWords;) {
      const CodePoint c = At(text_, i);
      if (c.sort == Sort::kSlow) return false;
      if (c.sort == Sort::kGap || c.sort == Sort::kApostrophe) {
        i += c.size;
      } else if (!AddWord(i)) {
        return false;
      }
    }
    return true;
  }

  void Slowly() {
    scan_.words.clear();
    scan_.folded.clear();
    end_ = sentence_ = 0;
    for (const text::Token& token : text::Tokenize(text_, kMaxWords)) {
      Begin(token.offset);
      const size_t folded = scan_.folded.size();
      absl::StrAppend(&scan_.folded, token.folded);
      Add(token.offset, token.original.size(), folded);
    }
  }

 private:
  bool AddWord(size_t& i) {
    const size_t start = i;
    Begin(start);
    const size_t folded = scan_.folded.size();
    bool latin = false;
    bool cyrillic = false;
    size_t letters = 0;
    while (i < text_.size()) {
      const CodePoint c = At(text_, i);
      if (c.sort == Sort::kSlow) return false;
      if (c.sort == Sort::kGap) break;
      if (c.sort == Sort::kApostrophe) {
        const size_t next = i + c.size;
        if (next >= text_.size()) break;
        const Sort sort = At(text_, next).sort;
        if (sort == Sort::kSlow) return false;
        if (sort != Sort::kLatin && sort != Sort::kCyrillic) break;
        i = next;
        continue;
      }
      latin |= c.sort == Sort::kLatin;
      cyrillic |= c.sort == Sort::kCyrillic;
      if (++letters <= text::kMaxWordCharacters) scan_.folded.append(c.folded, c.size);
      i += c.size;
    }
    if (latin && cyrillic) {  // look-alike letters
      scan_.folded.resize(folded);
      scan_.folded += text::FoldWord(text_.substr(start, i - start));
    }
    Add(start, i - start, folded);
    return true;
  }

  // Reads the characters between the last word and the one at `offset`.
  void Begin(size_t offset) {
    const absl::string_view gap = text_.substr(end_, offset - end_);
    if (!scan_.words.empty() && gap != " ") {
      const ScannedWord& last = scan_.words.back();
      if (EndsSentence(gap, text_.substr(last.offset, last.length))) ++sentence_;
    }
    breath_ = gap != " " && gap.find_first_of(",:()") != absl::string_view::npos;
    if (!IsBelowZero(text_, offset)) return;
    const size_t folded = scan_.folded.size();
    scan_.folded.append(kMinus.data(), kMinus.size());
    Add(offset, 0, folded);
  }

  void Add(size_t offset, size_t length, size_t folded) {
    scan_.words.push_back({.offset = static_cast<uint32_t>(offset),
                           .length = static_cast<uint32_t>(length),
                           .folded = static_cast<uint32_t>(folded),
                           .folded_length = static_cast<uint16_t>(scan_.folded.size() - folded),
                           .after_punctuation = breath_,
                           .sentence = static_cast<uint32_t>(sentence_)});
    end_ = offset + length;
  }

  const absl::string_view text_;
  WordScan& scan_;
  size_t end_ = 0;  // of the last word
  size_t sentence_ = 0;
  bool breath_ = false;
};

}  // namespace

WordScan::WordScan(absl::string_view text) {
  folded.reserve(text.size() + 16);
  words.reserve(text.size() / 8 + 4);
  Walk walk(text, *this);
  if (!walk.Quickly()) walk.Slowly();
}

std::string WordScan::Quote(absl::string_view text, size_t first, size_t last) const {
  const size_t end = words[last].offset + words[last].length;
  return std::string(
      text::PrefixOf(text.substr(words[first].offset, end - words[first].offset), kLongestQuote));
}

std::string SpeltByEar(absl::string_view folded_word) {
  std::string sound;
  absl::string_view last;
  for (size_t i = 0; i < folded_word.size();) {
    const size_t size = (folded_word[i] & 0x80) != 0 ? 2 : 1;
    absl::string_view letter = folded_word.substr(i, size);
    i += size;
    if (letter == "ь" || letter == "ъ") continue;
    if (letter == "о") letter = "а";
    if (letter == "е" || letter == "э" || letter == "ы") letter = "и";
    if (letter == last) continue;
    last = letter;
    sound.append(letter.data(), letter.size());
  }
  return sound;
}

}  // namespace veche::classification
