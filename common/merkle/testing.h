#pragma once

#include <bit>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "common/merkle/tree.h"

// Trees for tests, and the recursive definitions of RFC 9162 that the library is compared with.

namespace veche::merkle::testing {

inline Hash FromHex(absl::string_view hex) { return *HashFromBytes(absl::HexStringToBytes(hex)); }

// The entries of the test tree of the Certificate Transparency project.
inline std::vector<Hash> KnownLeaves() {
  std::vector<Hash> leaves;
  for (absl::string_view hex : {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                                "606162636465666768696a6b6c6d6e6f"}) {
    leaves.push_back(LeafHash(absl::HexStringToBytes(hex)));
  }
  return leaves;
}

inline std::vector<Hash> MakeLeaves(int count) {
  std::vector<Hash> leaves;
  for (int i = 0; i < count; ++i) leaves.push_back(LeafHash(absl::StrCat("entry ", i)));
  return leaves;
}

// All stored nodes of the log with these leaves.
inline NodeMap StoredNodes(absl::Span<const Hash> leaves) {
  Frontier frontier;
  NodeMap nodes;
  for (const Node& node : frontier.Append(leaves)) nodes[node.id] = node.hash;
  return nodes;
}

// MTH, PATH and SUBPROOF of RFC 9162, section 2.1.
inline Hash ReferenceRoot(absl::Span<const Hash> leaves) {
  if (leaves.empty()) return EmptyRoot();
  if (leaves.size() == 1) return leaves[0];
  const size_t k = std::bit_floor(leaves.size() - 1);
  return NodeHash(ReferenceRoot(leaves.first(k)), ReferenceRoot(leaves.subspan(k)));
}

inline std::vector<Hash> ReferencePath(size_t index, absl::Span<const Hash> leaves) {
  if (leaves.size() == 1) return {};
  const size_t k = std::bit_floor(leaves.size() - 1);
  const bool left = index < k;
  std::vector<Hash> path =
      left ? ReferencePath(index, leaves.first(k)) : ReferencePath(index - k, leaves.subspan(k));
  path.push_back(ReferenceRoot(left ? leaves.subspan(k) : leaves.first(k)));
  return path;
}

inline std::vector<Hash> ReferenceSubproof(size_t old_size, absl::Span<const Hash> leaves,
                                           bool known) {
  if (old_size == leaves.size()) {
    return known ? std::vector<Hash>() : std::vector<Hash>{ReferenceRoot(leaves)};
  }
  const size_t k = std::bit_floor(leaves.size() - 1);
  const bool left = old_size <= k;
  std::vector<Hash> proof = left ? ReferenceSubproof(old_size, leaves.first(k), known)
                                 : ReferenceSubproof(old_size - k, leaves.subspan(k), false);
  proof.push_back(ReferenceRoot(left ? leaves.subspan(k) : leaves.first(k)));
  return proof;
}

}  // namespace veche::merkle::testing
