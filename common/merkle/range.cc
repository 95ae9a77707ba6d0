#include "common/merkle/range.h"

#include <bit>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace veche::merkle {

void AppendNodes(const Range& range, std::vector<NodeId>& nodes) {
  for (uint64_t begin = range.begin; begin < range.end;) {
    const int level = std::bit_width(range.end - begin) - 1;
    nodes.push_back({level, begin >> level});
    begin += uint64_t{1} << level;
  }
}

absl::StatusOr<std::vector<Hash>> Lookup(const std::vector<NodeId>& ids, const NodeMap& nodes) {
  std::vector<Hash> hashes;
  hashes.reserve(ids.size());
  for (const NodeId& id : ids) {
    const auto found = nodes.find(id);
    if (found == nodes.end()) {
      return absl::DataLossError(
          absl::StrCat("node ", id.index, " of level ", id.level, " is missing"));
    }
    hashes.push_back(found->second);
  }
  return hashes;
}

absl::StatusOr<Hash> RangeHash(const Range& range, const NodeMap& nodes) {
  std::vector<NodeId> ids;
  AppendNodes(range, ids);
  ASSIGN_OR_RETURN(const std::vector<Hash> hashes, Lookup(ids, nodes));
  return Fold(hashes);
}

Hash Fold(const std::vector<Hash>& subtrees) {
  Hash hash = subtrees.back();
  for (size_t i = subtrees.size() - 1; i > 0; --i) hash = NodeHash(subtrees[i - 1], hash);
  return hash;
}

}  // namespace veche::merkle
