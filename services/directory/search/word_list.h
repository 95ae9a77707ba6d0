#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace veche::directory {

// Sorted words in a trie, to find those that begin like a word or differ from it by a typo. A typo
// is a letter too many, too few, wrong, or swapped with its neighbour (optimal string alignment).
// Letters are bytes. Immutable and thread-safe.
class WordList {
 public:
  // The words `first` to `last` of the list, `last` not among them.
  struct Range {
    uint32_t first = 0;
    uint32_t last = 0;
  };
  struct Match {
    Range words;
    int typos = 0;
    bool prefix = false;  // only their beginnings match
  };

  WordList() = default;
  // REQUIRES: sorted, unique, none empty, each at most kMostLetters long.
  explicit WordList(absl::Span<const std::string> words);

  static constexpr size_t kMostLetters = 64;

  size_t size() const { return size_; }

  // The words that begin with `word`; the word itself, if it is in the list, is the first.
  Range StartingWith(absl::string_view word) const;
  // Whether `word` is in the list, as the first of StartingWith(word).
  bool Has(absl::string_view word) const;

  // Calls `found` with the words that differ from `word` by 1 to `most_typos` (at most 2) typos;
  // with `prefixes` also with words whose beginnings do. A word may be found more than once.
  void FindWithTypos(absl::string_view word, int most_typos, bool prefixes,
                     absl::FunctionRef<void(const Match&)> found) const;

 private:
  // In preorder: the children of a node follow it, the first of them directly.
  struct Node {
    char letter = 0;
    bool ends_word = false;
    uint32_t end = 0;         // the node after its last descendant
    uint32_t first_word = 0;  // the words before it in the list
  };
  class TypoSearch;

  const Node* Find(absl::string_view word) const;
  uint32_t WordsBefore(uint32_t node) const {
    return node < nodes_.size() ? nodes_[node].first_word : static_cast<uint32_t>(size_);
  }

  size_t size_ = 0;
  std::vector<Node> nodes_;
};

}  // namespace veche::directory
