#include "services/directory/search/spelling.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace veche::directory {
namespace {

struct Pair {
  absl::string_view from;
  absl::string_view to;
};

// Sounds have one letter each: c is ц, h х, j ж, q ч, w ю, x ш and щ, y я.
constexpr Pair kCyrillic[] = {
    {"а", "a"}, {"б", "b"}, {"в", "v"}, {"г", "g"}, {"ґ", "g"}, {"д", "d"}, {"е", "e"}, {"є", "e"},
    {"ё", "e"}, {"э", "e"}, {"ж", "j"}, {"җ", "j"}, {"з", "z"}, {"и", "i"}, {"і", "i"}, {"ї", "i"},
    {"й", "i"}, {"ы", "i"}, {"к", "k"}, {"л", "l"}, {"м", "m"}, {"н", "n"}, {"ң", "n"}, {"о", "o"},
    {"ө", "o"}, {"п", "p"}, {"р", "r"}, {"с", "s"}, {"т", "t"}, {"у", "u"}, {"ү", "u"}, {"ф", "f"},
    {"х", "h"}, {"һ", "h"}, {"ц", "c"}, {"ч", "q"}, {"ш", "x"}, {"щ", "x"}, {"ъ", ""},  {"ь", ""},
    {"ю", "w"}, {"я", "y"}, {"ә", "a"},
};

// Longer ones first. What is not here stays, as most single letters do.
constexpr Pair kLatin[] = {
    {"shch", "x"}, {"sch", "x"}, {"tch", "q"}, {"sh", "x"},  {"ch", "q"},  {"zh", "j"},
    {"kh", "h"},   {"ts", "c"},  {"tz", "c"},  {"ck", "k"},  {"ph", "f"},  {"th", "t"},
    {"qu", "kv"},  {"ya", "y"},  {"ja", "y"},  {"yu", "w"},  {"ju", "w"},  {"yo", "e"},
    {"jo", "e"},   {"ye", "e"},  {"je", "e"},  {"ce", "ce"}, {"ci", "ci"}, {"cy", "ci"},
    {"c", "k"},    {"x", "ks"},  {"w", "v"},   {"q", "k"},   {"y", "i"},   {"j", "i"},
};

// The keys of a QWERTY keyboard, and what the same keys write in other layouts.
constexpr Pair kRussianKeys[] = {
    {"q", "й"}, {"w", "ц"}, {"e", "у"}, {"r", "к"}, {"t", "е"},  {"y", "н"}, {"u", "г"}, {"i", "ш"},
    {"o", "щ"}, {"p", "з"}, {"[", "х"}, {"]", "ъ"}, {"a", "ф"},  {"s", "ы"}, {"d", "в"}, {"f", "а"},
    {"g", "п"}, {"h", "р"}, {"j", "о"}, {"k", "л"}, {"l", "д"},  {";", "ж"}, {"'", "э"}, {"z", "я"},
    {"x", "ч"}, {"c", "с"}, {"v", "м"}, {"b", "и"}, {"n", "т"},  {"m", "ь"}, {",", "б"}, {".", "ю"},
    {"`", "е"}, {"{", "х"}, {"}", "ъ"}, {":", "ж"}, {"\"", "э"}, {"<", "б"}, {">", "ю"}, {"~", "е"},
};
constexpr Pair kUkrainianKeys[] = {
    {"s", "і"}, {"]", "ї"}, {"}", "ї"}, {"'", "є"}, {"\"", "є"},
};

// The first pair of which `text` begins with the source; null for none.
template <size_t kSize>
const Pair* Match(const Pair (&pairs)[kSize], absl::string_view text) {
  for (const Pair& pair : pairs) {
    if (absl::StartsWith(text, pair.from)) return &pair;
  }
  return nullptr;
}

const Pair* KeyOf(absl::string_view key, bool ukrainian) {
  const Pair* pair = ukrainian ? Match(kUkrainianKeys, key) : nullptr;
  return pair != nullptr ? pair : Match(kRussianKeys, key);
}

std::string TypedInCyrillic(absl::string_view text, bool ukrainian) {
  std::string meant;
  for (size_t i = 0; i < text.size(); ++i) {
    const char lower = text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 32 : text[i];
    const Pair* key = KeyOf(absl::string_view(&lower, 1), ukrainian);
    absl::StrAppend(&meant, key != nullptr ? key->to : text.substr(i, 1));
  }
  return meant;
}

std::string TypedInEnglish(absl::string_view text) {
  std::string meant;
  for (size_t i = 0; i < text.size();) {
    const absl::string_view rest = text.substr(i);
    const auto key =
        std::find_if(std::begin(kRussianKeys), std::end(kRussianKeys),
                     [&](const Pair& pair) { return absl::StartsWith(rest, pair.to); });
    if (key == std::end(kRussianKeys)) {
      meant += text[i++];
    } else {
      absl::StrAppend(&meant, key->from);
      i += key->to.size();
    }
  }
  return meant;
}

}  // namespace

std::string SoundOf(absl::string_view folded_word) {
  std::string sound;
  for (size_t i = 0; i < folded_word.size();) {
    const absl::string_view rest = folded_word.substr(i);
    const bool ascii = static_cast<unsigned char>(rest[0]) < 0x80;
    const Pair* pair = ascii ? Match(kLatin, rest) : Match(kCyrillic, rest);
    const absl::string_view letters = pair != nullptr ? pair->to : rest.substr(0, 1);
    for (const char letter : letters) {
      const bool digit = letter >= '0' && letter <= '9';
      if (letter == '\'') continue;
      if (digit || sound.empty() || sound.back() != letter) sound += letter;
    }
    i += pair != nullptr ? pair->from.size() : 1;
  }
  return sound;
}

std::vector<std::string> OtherLayouts(absl::string_view text) {
  std::vector<std::string> meant;
  for (std::string other : {TypedInCyrillic(text, /*ukrainian=*/false),
                            TypedInCyrillic(text, /*ukrainian=*/true), TypedInEnglish(text)}) {
    if (other != text && std::find(meant.begin(), meant.end(), other) == meant.end()) {
      meant.push_back(std::move(other));
    }
  }
  return meant;
}

}  // namespace veche::directory
