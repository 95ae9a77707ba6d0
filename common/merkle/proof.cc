#include "common/merkle/proof.h"

#include <algorithm>
#include <bit>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/merkle/range.h"

namespace veche::merkle {
namespace {

// Where the node over `range` divides its leaves: begin plus the largest power of two below the
// number of leaves. REQUIRES: at least two leaves.
uint64_t Middle(const Range& range) {
  return range.begin + std::bit_floor(range.end - range.begin - 1);
}

// PATH of RFC 9162, 2.1.3.1. REQUIRES: index < size.
std::vector<Range> InclusionRanges(uint64_t index, uint64_t size) {
  std::vector<Range> ranges;
  for (Range rest = {0, size}; rest.end - rest.begin > 1;) {
    const uint64_t middle = Middle(rest);
    if (index < middle) {
      ranges.push_back({middle, rest.end});
      rest.end = middle;
    } else {
      ranges.push_back({rest.begin, middle});
      rest.begin = middle;
    }
  }
  std::reverse(ranges.begin(), ranges.end());
  return ranges;
}

// PROOF of RFC 9162, 2.1.4.1. REQUIRES: 0 < old_size < size.
std::vector<Range> ConsistencyRanges(uint64_t old_size, uint64_t size) {
  std::vector<Range> ranges;
  Range rest = {0, size};
  while (old_size < rest.end) {
    const uint64_t middle = Middle(rest);
    if (old_size <= middle) {
      ranges.push_back({middle, rest.end});
      rest.end = middle;
    } else {
      ranges.push_back({rest.begin, middle});
      rest.begin = middle;
    }
  }
  // The verifier knows the old root already.
  if (rest.begin > 0) ranges.push_back(rest);
  std::reverse(ranges.begin(), ranges.end());
  return ranges;
}

std::vector<NodeId> NodesOf(const std::vector<Range>& ranges) {
  std::vector<NodeId> nodes;
  for (const Range& range : ranges) AppendNodes(range, nodes);
  return nodes;
}

absl::StatusOr<Proof> HashesOf(const std::vector<Range>& ranges, const NodeMap& nodes) {
  Proof proof;
  proof.reserve(ranges.size());
  for (const Range& range : ranges) {
    ASSIGN_OR_RETURN(const Hash hash, RangeHash(range, nodes));
    proof.push_back(hash);
  }
  return proof;
}

// A walk from a leaf to the root (RFC 9162, 2.1.3.2 and 2.1.4.2): the node above the leaf, and the
// last node of the same level.
struct Walk {
  uint64_t node;
  uint64_t last;

  // Whether the next hash of the proof stands on the left of the node.
  bool SiblingIsLeft() const { return node % 2 == 1 || node == last; }

  // To the node that the next hash is combined into; a last node without a sibling on its right
  // rises until it is a right child.
  void Rise() {
    if (SiblingIsLeft()) {
      while (node % 2 == 0 && node != 0) Up();
    }
    Up();
  }
  void Up() {
    node /= 2;
    last /= 2;
  }
};

}  // namespace

std::vector<NodeId> InclusionNodes(uint64_t index, uint64_t size) {
  if (index >= size) return {};
  return NodesOf(InclusionRanges(index, size));
}

absl::StatusOr<Proof> InclusionProof(uint64_t index, uint64_t size, const NodeMap& nodes) {
  if (index >= size || size > kMaxSize) {
    return absl::OutOfRangeError(absl::StrCat("no leaf ", index, " in a log of ", size));
  }
  return HashesOf(InclusionRanges(index, size), nodes);
}

std::vector<NodeId> ConsistencyNodes(uint64_t old_size, uint64_t size) {
  if (old_size == 0 || old_size >= size) return {};
  return NodesOf(ConsistencyRanges(old_size, size));
}

absl::StatusOr<Proof> ConsistencyProof(uint64_t old_size, uint64_t size, const NodeMap& nodes) {
  if (old_size > size || size > kMaxSize) {
    return absl::OutOfRangeError(
        absl::StrCat("a log of ", size, " leaves had no size of ", old_size));
  }
  if (old_size == 0 || old_size == size) return Proof();
  return HashesOf(ConsistencyRanges(old_size, size), nodes);
}

bool VerifyInclusion(const Hash& leaf_hash, uint64_t index, uint64_t size,
                     absl::Span<const Hash> proof, const Hash& root) {
  if (index >= size) return false;
  Walk walk = {index, size - 1};
  Hash hash = leaf_hash;
  for (const Hash& sibling : proof) {
    if (walk.last == 0) return false;
    hash = walk.SiblingIsLeft() ? NodeHash(sibling, hash) : NodeHash(hash, sibling);
    walk.Rise();
  }
  return walk.last == 0 && hash == root;
}

bool VerifyConsistency(uint64_t old_size, const Hash& old_root, uint64_t size, const Hash& root,
                       absl::Span<const Hash> proof) {
  if (old_size > size) return false;
  if (old_size == size) return proof.empty() && old_root == root;
  if (old_size == 0) return proof.empty() && old_root == EmptyRoot();
  if (proof.empty()) return false;

  // An old tree that is complete is a node of the new tree; the proof leaves its root out.
  const bool complete = std::has_single_bit(old_size);
  Walk walk = {old_size - 1, size - 1};
  while (walk.node % 2 == 1) walk.Up();
  Hash old_hash = complete ? old_root : proof.front();
  Hash hash = old_hash;
  for (const Hash& sibling : complete ? proof : proof.subspan(1)) {
    if (walk.last == 0) return false;
    if (walk.SiblingIsLeft()) {
      old_hash = NodeHash(sibling, old_hash);
      hash = NodeHash(sibling, hash);
    } else {
      hash = NodeHash(hash, sibling);
    }
    walk.Rise();
  }
  return walk.last == 0 && old_hash == old_root && hash == root;
}

}  // namespace veche::merkle
