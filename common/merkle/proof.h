#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/merkle/tree.h"

// Inclusion and consistency proofs of RFC 9162, sections 2.1.3 and 2.1.4: made from stored nodes,
// and verified. A proof is a list of hashes in the order of the RFC. All functions are pure and
// thread-safe.

namespace veche::merkle {

using Proof = std::vector<Hash>;

// The nodes that InclusionProof needs, each once; empty unless index < size.
std::vector<NodeId> InclusionNodes(uint64_t index, uint64_t size);
// The proof that leaf `index` is in the tree of the first `size` leaves. OutOfRange unless
// index < size <= kMaxSize; DataLoss when `nodes` lacks one of InclusionNodes.
absl::StatusOr<Proof> InclusionProof(uint64_t index, uint64_t size, const NodeMap& nodes);

// The nodes that ConsistencyProof needs, each once; empty unless 0 < old_size < size.
std::vector<NodeId> ConsistencyNodes(uint64_t old_size, uint64_t size);
// The proof that the tree of `size` leaves begins with the tree of `old_size` leaves; empty when
// old_size is 0 or `size`. OutOfRange unless old_size <= size <= kMaxSize; DataLoss when `nodes`
// lacks one of ConsistencyNodes.
absl::StatusOr<Proof> ConsistencyProof(uint64_t old_size, uint64_t size, const NodeMap& nodes);

// The verifiers take any input, from a liar too, and answer whether the proof holds.
bool VerifyInclusion(const Hash& leaf_hash, uint64_t index, uint64_t size,
                     absl::Span<const Hash> proof, const Hash& root);
// Equal sizes hold when the roots are equal and the proof is empty; old_size 0 holds when old_root
// is EmptyRoot() and the proof is empty.
bool VerifyConsistency(uint64_t old_size, const Hash& old_root, uint64_t size, const Hash& root,
                       absl::Span<const Hash> proof);

}  // namespace veche::merkle
