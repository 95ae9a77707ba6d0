#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche::classification {

// Words that mean much the same share a weight while a model learns, so that it knows something of
// words that no example has. The model's file needs no trace of it: the weight is added to that of
// each word's buckets.
class WordMeanings {
 public:
  // Lines "meaning <tab> words" under a header; words are folded and between spaces, one that ends
  // with `*` is a beginning of three letters or more. InvalidArgument with the line.
  static absl::StatusOr<WordMeanings> Parse(absl::string_view text);

  // How many there are.
  size_t size() const { return size_; }
  // The meanings of a bucket of wording_features.h; none for most.
  const std::vector<uint32_t>& Of(uint32_t bucket) const;

 private:
  size_t size_ = 0;
  absl::flat_hash_map<uint32_t, std::vector<uint32_t>> by_bucket_;
  std::vector<uint32_t> none_;
};

}  // namespace veche::classification
