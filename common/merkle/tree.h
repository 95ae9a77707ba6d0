#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// The Merkle tree of RFC 9162, section 2.1, over SHA-256, as a log that only grows. No storage
// here: a log stores the roots of complete subtrees (2^level leaves), which never change again. The
// root of every past and present size and all proofs come from these nodes. All functions are pure
// and thread-safe.

namespace veche::merkle {

using Hash = std::array<uint8_t, 32>;

// Sizes and indices of logs that we keep fit the signed 64 bits of a database.
inline constexpr uint64_t kMaxSize = (uint64_t{1} << 62);

Hash LeafHash(absl::string_view entry);              // SHA-256(0x00 ‖ entry)
Hash NodeHash(const Hash& left, const Hash& right);  // SHA-256(0x01 ‖ left ‖ right)
Hash EmptyRoot();                                    // the root of size 0: SHA-256("")

// The 32 bytes of a hash; the view lives as long as `hash`.
absl::string_view HashBytes(const Hash& hash);
// InvalidArgument unless `bytes` has 32 bytes.
absl::StatusOr<Hash> HashFromBytes(absl::string_view bytes);

// The complete subtree over the leaves [index * 2^level, (index + 1) * 2^level). Level 0: a leaf.
struct NodeId {
  int level = 0;
  uint64_t index = 0;

  friend bool operator==(const NodeId&, const NodeId&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const NodeId& id) {
    return H::combine(std::move(state), id.level, id.index);
  }
};

struct Node {
  NodeId id;
  Hash hash = {};

  friend bool operator==(const Node&, const Node&) = default;
};

// Stored nodes, as fetched for a proof. May hold more than needed, so that one fetch serves many
// proofs.
using NodeMap = absl::flat_hash_map<NodeId, Hash>;

// The nodes whose hashes make up the root of the first `size` leaves, from left to right: one for
// each 1 bit of `size`. Empty for size 0.
std::vector<NodeId> RootNodes(uint64_t size);
// The root of the first `size` leaves. DataLoss when `nodes` lacks one of RootNodes(size).
absl::StatusOr<Hash> Root(uint64_t size, const NodeMap& nodes);

// The right edge of a tree: what appending needs to know of it. Copyable; not thread-safe.
class Frontier {
 public:
  // The frontier of the empty tree.
  Frontier() = default;
  // The frontier of a stored tree. DataLoss when `nodes` lacks one of RootNodes(size);
  // InvalidArgument when size > kMaxSize.
  static absl::StatusOr<Frontier> Load(uint64_t size, const NodeMap& nodes);

  // Appends leaves and returns all nodes that became complete, the leaves (level 0) among them,
  // in the order of completion: what the caller stores. REQUIRES: the new size <= kMaxSize.
  std::vector<Node> Append(absl::Span<const Hash> leaf_hashes);

  uint64_t size() const { return size_; }
  Hash Root() const;

 private:
  uint64_t size_ = 0;
  std::vector<Hash> edge_;  // the hashes of RootNodes(size_)
};

}  // namespace veche::merkle
