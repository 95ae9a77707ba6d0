#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "common/text/mask_numbers.h"

// Internal to mask.cc: finds personal data by the words around it. Words are found in one pass;
// only the words that a rule asks about are folded, because folding is the expensive part.

namespace veche::text {

using WordSet = absl::flat_hash_set<absl::string_view>;
// The words of a string literal, separated by spaces.
WordSet MakeWordSet(absl::string_view words);

struct Word {
  size_t begin = 0;
  size_t end = 0;
  bool digit = false;    // begins with one
  bool capital = false;  // begins with one
  bool initial = false;  // is a single capital letter
};

// The words of a text, which must outlive the list.
class WordList {
 public:
  explicit WordList(absl::string_view text);

  size_t size() const { return words_.size(); }
  const Word& operator[](size_t i) const { return words_[i]; }
  absl::string_view text() const { return text_; }
  // FoldWord of word `i`.
  std::string Folded(size_t i) const;
  bool IsOneOf(const WordSet& set, size_t i) const { return set.contains(Folded(i)); }
  // The text between word `i` and the previous word; before the first word, the beginning of the
  // text.
  absl::string_view GapBefore(size_t i) const;

 private:
  absl::string_view text_;
  std::vector<Word> words_;
};

// Appends names. On entry `spans` contains the phones of the text.
void FindNames(const WordList& words, std::vector<PersonalSpan>& spans);

}  // namespace veche::text
