#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace veche::text {

// A word or a number of a text.
struct Token {
  absl::string_view original;  // as written; points into `text`
  size_t offset = 0;           // in bytes from the start of the text
  std::string folded;          // FoldWord(original); never empty
  bool operator==(const Token&) const = default;
};

// The words of `text` in order: runs of letters, digits and their marks. An apostrophe between
// letters belongs to the word; a hyphen separates words, and so do ill-formed bytes. At most
// `max_tokens`; `text` must outlive them. Linear time; thread-safe.
std::vector<Token> Tokenize(absl::string_view text, size_t max_tokens = 50'000);

}  // namespace veche::text
