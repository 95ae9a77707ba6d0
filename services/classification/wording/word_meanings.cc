#include "services/classification/wording/word_meanings.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/text/normalize.h"
#include "common/text/utf8.h"
#include "services/classification/domain/tsv.h"
#include "services/classification/wording/wording_features.h"

namespace veche::classification {
namespace {

constexpr size_t kFewestLetters = 3;  // of a prefix: with the space before it an n-gram of four

struct Words {
  std::set<std::string> whole, starts;
};

bool HasShorterStart(const Words& words, absl::string_view word, bool itself) {
  for (size_t size = 1; size < word.size() + (itself ? 1 : 0); ++size) {
    if (words.starts.count(std::string(word.substr(0, size))) > 0) return true;
  }
  return false;
}

// The bucket that ForEachWordingFeature gives to words with this prefix.
std::vector<uint32_t> BucketsOfStart(absl::string_view start) {
  const WordLetters letters(start);
  if (letters.size - 2 == kFewestLetters) return {NgramBucket(letters, 0)};
  const uint64_t hash = WordHash(letters);
  return {StartBucket(hash), WordingBucket(hash)};
}

}  // namespace

absl::StatusOr<WordMeanings> WordMeanings::Parse(absl::string_view text) {
  ASSIGN_OR_RETURN(const Table table, ParseTable(text, {"meaning", "words"}));
  std::map<std::string, Words> meanings;
  for (const TableRow& row : table.rows) {
    Words& words = meanings[row.cells[0]];
    for (absl::string_view entry : absl::StrSplit(row.cells[1], ' ', absl::SkipEmpty())) {
      absl::string_view word = entry;
      const bool start = absl::ConsumeSuffix(&word, "*");
      if (word.empty() || text::FoldWord(word) != word ||
          (start && text::CountCharacters(word) < kFewestLetters)) {
        return LineError(row.line, absl::StrCat("\"", entry, "\" is neither a word nor a prefix"));
      }
      if (start) {
        words.starts.emplace(text::PrefixOf(word, kLongestStart));
      } else {
        words.whole.emplace(word);
      }
    }
  }
  WordMeanings parsed;
  for (const auto& [name, words] : meanings) {
    const auto meaning = static_cast<uint32_t>(parsed.size_++);
    for (const std::string& word : words.whole) {
      if (!HasShorterStart(words, word, true)) {
        parsed.by_bucket_[WordingBucket(WordHash(WordLetters(word)))].push_back(meaning);
      }
    }
    for (const std::string& start : words.starts) {
      if (HasShorterStart(words, start, false)) continue;
      for (uint32_t bucket : BucketsOfStart(start)) parsed.by_bucket_[bucket].push_back(meaning);
    }
  }
  return parsed;
}

const std::vector<uint32_t>& WordMeanings::Of(uint32_t bucket) const {
  const auto found = by_bucket_.find(bucket);
  return found == by_bucket_.end() ? none_ : found->second;
}

}  // namespace veche::classification
