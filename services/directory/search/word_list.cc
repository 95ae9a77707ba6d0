#include "services/directory/search/word_list.h"

#include <algorithm>
#include <array>

namespace veche::directory {
namespace {

size_t CommonPrefix(absl::string_view a, absl::string_view b) {
  return static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                             a.begin());
}

}  // namespace

WordList::WordList(absl::Span<const std::string> words) : size_(words.size()) {
  std::vector<uint32_t> path;  // the nodes of the word before
  absl::string_view before;
  const auto close = [&](size_t depth) {
    for (; path.size() > depth; path.pop_back()) {
      nodes_[path.back()].end = static_cast<uint32_t>(nodes_.size());
    }
  };
  for (size_t i = 0; i < words.size(); ++i) {
    const absl::string_view word = words[i];
    close(CommonPrefix(before, word));
    while (path.size() < word.size()) {
      const char letter = word[path.size()];
      path.push_back(static_cast<uint32_t>(nodes_.size()));
      nodes_.push_back({.letter = letter, .first_word = static_cast<uint32_t>(i)});
    }
    nodes_[path.back()].ends_word = true;
    before = word;
  }
  close(0);
}

const WordList::Node* WordList::Find(absl::string_view word) const {
  const Node* node = nullptr;
  for (const char letter : word) {
    uint32_t child = node == nullptr ? 0 : static_cast<uint32_t>(node - nodes_.data()) + 1;
    const uint32_t end = node == nullptr ? static_cast<uint32_t>(nodes_.size()) : node->end;
    while (child < end && nodes_[child].letter != letter) child = nodes_[child].end;
    if (child >= end) return nullptr;
    node = &nodes_[child];
  }
  return node;
}

WordList::Range WordList::StartingWith(absl::string_view word) const {
  const Node* node = Find(word);
  if (node == nullptr) return {};
  return {.first = node->first_word, .last = WordsBefore(node->end)};
}

bool WordList::Has(absl::string_view word) const {
  const Node* node = Find(word);
  return node != nullptr && node->ends_word;
}

// Walks the trie with one row of the table of distances for each letter of the path. A row has the
// distances from the path to each beginning of the word; only those near the diagonal are computed,
// because all others exceed the number of typos.
class WordList::TypoSearch {
 public:
  TypoSearch(const WordList& list, absl::string_view word, int most, bool prefixes,
             absl::FunctionRef<void(const Match&)> found)
      : list_(list),
        word_(word),
        most_(std::min(most, kMostTypos)),
        prefixes_(prefixes),
        found_(found) {
    for (auto& row : rows_) row.fill(kFar);
    for (int j = 0; j <= Size() && j <= most_; ++j) rows_[0][j] = j;
  }

  void Walk() { WalkChildren(0, static_cast<uint32_t>(list_.nodes_.size()), 1, 0); }

 private:
  static constexpr int kMostTypos = 2;
  static constexpr int kFar = 100;
  // A path longer than the word by more than the typos matches nothing.
  static constexpr size_t kRows = kMostLetters + kMostTypos + 2;

  int Size() const { return static_cast<int>(word_.size()); }

  void WalkChildren(uint32_t first, uint32_t end, int depth, char before) {
    for (uint32_t child = first; child < end; child = list_.nodes_[child].end) {
      Visit(list_.nodes_[child], child, depth, before);
    }
  }

  void Visit(const Node& node, uint32_t index, int depth, char before) {
    if (depth > Size() + most_) return;
    if (FillRow(depth, node.letter, before) > most_) return;
    const int distance = rows_[depth][Size()];
    if (distance >= 1 && distance <= most_) {
      if (node.ends_word) {
        found_({.words = {node.first_word, node.first_word + 1}, .typos = distance});
      }
      if (prefixes_) {
        found_({.words = {node.first_word, list_.WordsBefore(node.end)},
                .typos = distance,
                .prefix = true});
      }
    }
    WalkChildren(index + 1, node.end, depth + 1, node.letter);
  }

  // Returns the smallest distance of the row.
  int FillRow(int depth, char letter, char before) {
    std::array<int, kRows>& row = rows_[depth];
    const std::array<int, kRows>& above = rows_[depth - 1];
    const int first = std::max(0, depth - most_);
    const int last = std::min(Size(), depth + most_);
    if (first > 0) row[first - 1] = kFar;
    row[last + 1] = kFar;
    int smallest = kFar;
    for (int j = first; j <= last; ++j) {
      int distance = above[j] + 1;
      if (j == 0) {
        distance = depth;
      } else {
        distance = std::min({distance, row[j - 1] + 1, above[j - 1] + (word_[j - 1] != letter)});
        if (depth > 1 && j > 1 && word_[j - 1] == before && word_[j - 2] == letter) {
          distance = std::min(distance, rows_[depth - 2][j - 2] + 1);
        }
      }
      row[j] = distance;
      smallest = std::min(smallest, distance);
    }
    return smallest;
  }

  const WordList& list_;
  const absl::string_view word_;
  const int most_;
  const bool prefixes_;
  const absl::FunctionRef<void(const Match&)> found_;
  std::array<std::array<int, kRows>, kRows> rows_;
};

void WordList::FindWithTypos(absl::string_view word, int most_typos, bool prefixes,
                             absl::FunctionRef<void(const Match&)> found) const {
  if (word.empty() || word.size() > kMostLetters) return;
  TypoSearch(*this, word, most_typos, prefixes, found).Walk();
}

}  // namespace veche::directory
