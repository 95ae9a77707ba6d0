#include "common/merkle/tree.h"

#include <openssl/sha.h>

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/merkle/range.h"

namespace veche::merkle {
namespace {

constexpr uint8_t kLeafMark = 0;
constexpr uint8_t kNodeMark = 1;

Hash Sha256(const void* data, size_t size) {
  Hash hash;
  SHA256(static_cast<const uint8_t*>(data), size, hash.data());
  return hash;
}

}  // namespace

Hash LeafHash(absl::string_view entry) {
  std::string marked;
  marked.reserve(1 + entry.size());
  marked.push_back(static_cast<char>(kLeafMark));
  marked.append(entry.data(), entry.size());
  return Sha256(marked.data(), marked.size());
}

Hash NodeHash(const Hash& left, const Hash& right) {
  std::array<uint8_t, 1 + 2 * sizeof(Hash)> marked;
  marked[0] = kNodeMark;
  std::copy(left.begin(), left.end(), marked.begin() + 1);
  std::copy(right.begin(), right.end(), marked.begin() + 1 + left.size());
  return Sha256(marked.data(), marked.size());
}

Hash EmptyRoot() { return Sha256("", 0); }

absl::string_view HashBytes(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

absl::StatusOr<Hash> HashFromBytes(absl::string_view bytes) {
  Hash hash;
  if (bytes.size() != hash.size()) {
    return absl::InvalidArgumentError(absl::StrCat("a hash has 32 bytes, not ", bytes.size()));
  }
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

std::vector<NodeId> RootNodes(uint64_t size) {
  std::vector<NodeId> nodes;
  AppendNodes({0, size}, nodes);
  return nodes;
}

absl::StatusOr<Hash> Root(uint64_t size, const NodeMap& nodes) {
  if (size == 0) return EmptyRoot();
  return RangeHash({0, size}, nodes);
}

absl::StatusOr<Frontier> Frontier::Load(uint64_t size, const NodeMap& nodes) {
  if (size > kMaxSize) {
    return absl::InvalidArgumentError(absl::StrCat("a log has no ", size, " leaves"));
  }
  Frontier frontier;
  frontier.size_ = size;
  ASSIGN_OR_RETURN(frontier.edge_, Lookup(RootNodes(size), nodes));
  return frontier;
}

std::vector<Node> Frontier::Append(absl::Span<const Hash> leaf_hashes) {
  std::vector<Node> completed;
  completed.reserve(2 * leaf_hashes.size());
  for (const Hash& leaf_hash : leaf_hashes) {
    Node node = {{0, size_++}, leaf_hash};
    completed.push_back(node);
    for (; node.id.index % 2 == 1; completed.push_back(node)) {
      node = {{node.id.level + 1, node.id.index / 2}, NodeHash(edge_.back(), node.hash)};
      edge_.pop_back();
    }
    edge_.push_back(node.hash);
  }
  return completed;
}

Hash Frontier::Root() const { return edge_.empty() ? EmptyRoot() : Fold(edge_); }

}  // namespace veche::merkle
