#include "services/classification/domain/transliteration.h"

#include "absl/strings/ascii.h"

namespace veche::classification {
namespace {

struct Spelling {
  absl::string_view latin;
  absl::string_view cyrillic;
};

// Longest first.
constexpr Spelling kSpellings[] = {
    {"shch", "щ"}, {"sch", "щ"}, {"yo", "е"}, {"jo", "е"}, {"zh", "ж"}, {"kh", "х"}, {"ts", "ц"},
    {"ch", "ч"},   {"sh", "ш"},  {"yu", "ю"}, {"ju", "ю"}, {"iu", "ю"}, {"ya", "я"}, {"ja", "я"},
    {"ia", "я"},   {"ye", "е"},  {"a", "а"},  {"b", "б"},  {"c", "ц"},  {"d", "д"},  {"e", "е"},
    {"f", "ф"},    {"g", "г"},   {"h", "х"},  {"i", "и"},  {"j", "й"},  {"k", "к"},  {"l", "л"},
    {"m", "м"},    {"n", "н"},   {"o", "о"},  {"p", "п"},  {"q", "к"},  {"r", "р"},  {"s", "с"},
    {"t", "т"},    {"u", "у"},   {"v", "в"},  {"w", "в"},  {"x", "х"},  {"z", "з"}};

bool IsVowel(char c) { return absl::string_view("aeiouy").find(c) != absl::string_view::npos; }

}  // namespace

std::string Transliterate(absl::string_view text) {
  const std::string lower = absl::AsciiStrToLower(text);
  std::string out;
  out.reserve(text.size() * 2);
  for (size_t i = 0; i < lower.size();) {
    const char before = i > 0 ? lower[i - 1] : ' ';
    if (lower[i] == '\'' && absl::ascii_isalpha(static_cast<unsigned char>(before))) {
      out += "ь";
      ++i;
      continue;
    }
    const Spelling* found = nullptr;
    for (const Spelling& spelling : kSpellings) {
      if (lower.compare(i, spelling.latin.size(), spelling.latin.data(), spelling.latin.size()) ==
          0) {
        found = &spelling;
        break;
      }
    }
    if (found != nullptr) {
      out.append(found->cyrillic.data(), found->cyrillic.size());
      i += found->latin.size();
    } else if (lower[i] == 'y') {  // «dvory», «moy», «novyy»
      const char after = i + 1 < lower.size() ? lower[i + 1] : ' ';
      out += IsVowel(before) && !IsVowel(after) ? "й" : "ы";
      ++i;
    } else {
      out.push_back(text[i++]);
    }
  }
  return out;
}

}  // namespace veche::classification
