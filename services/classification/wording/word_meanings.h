#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche::classification {

// Groups of synonyms, for training. The words of a group share a weight, so that the model also
// learns about words that no example has. The trainer adds that weight to the buckets of each word;
// the model's file has no groups.
class WordMeanings {
 public:
  // Lines "meaning <tab> words" under a header. Words are folded and separated by spaces; a word
  // with
  // `*` at its end is a prefix of at least three letters. InvalidArgument with the line.
  static absl::StatusOr<WordMeanings> Parse(absl::string_view text);

  // The number of meanings.
  size_t size() const { return size_; }
  // The meanings of a bucket of wording_features.h; empty for most buckets.
  const std::vector<uint32_t>& Of(uint32_t bucket) const;

 private:
  size_t size_ = 0;
  absl::flat_hash_map<uint32_t, std::vector<uint32_t>> by_bucket_;
  std::vector<uint32_t> none_;
};

}  // namespace veche::classification
