#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "common/merkle/tree.h"

// Parts of a tree that occur in roots and proofs. Private to merkle.

namespace veche::merkle {

// The leaves [begin, end) under one node of a tree: a complete subtree, or the incomplete right
// edge. REQUIRES: begin < end, and begin is a multiple of the smallest power of two >= end - begin.
struct Range {
  uint64_t begin = 0;
  uint64_t end = 0;
};

// Appends the complete subtrees that make up the range, from left to right.
void AppendNodes(const Range& range, std::vector<NodeId>& nodes);

// The hashes of complete subtrees, in the order of `ids`. DataLoss when `nodes` lacks one.
absl::StatusOr<std::vector<Hash>> Lookup(const std::vector<NodeId>& ids, const NodeMap& nodes);

// The hash of the range. DataLoss when `nodes` lacks one of its complete subtrees.
absl::StatusOr<Hash> RangeHash(const Range& range, const NodeMap& nodes);

// The root over adjacent complete subtrees of falling size. REQUIRES: at least one.
Hash Fold(const std::vector<Hash>& subtrees);

}  // namespace veche::merkle
