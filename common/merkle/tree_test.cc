#include "common/merkle/tree.h"

#include <gtest/gtest.h>

#include "common/merkle/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::merkle {
namespace {

using testing::FromHex;
using testing::KnownLeaves;
using testing::MakeLeaves;
using testing::ReferenceRoot;
using testing::StoredNodes;
using veche::testing::IsOkAndHolds;
using veche::testing::StatusIs;

constexpr const char* kKnownRoots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

TEST(FrontierTest, HasTheRootsOfCertificateTransparency) {
  Frontier frontier;
  EXPECT_EQ(frontier.Root(), FromHex(kKnownRoots[0]));
  for (const Hash& leaf : KnownLeaves()) {
    frontier.Append({leaf});
    EXPECT_EQ(frontier.Root(), FromHex(kKnownRoots[frontier.size()])) << frontier.size();
  }
}

TEST(FrontierTest, ReturnsEachCompleteSubtreeOnce) {
  constexpr int kSize = 130;
  const std::vector<Hash> leaves = MakeLeaves(kSize);
  Frontier frontier;
  const std::vector<Node> completed = frontier.Append(leaves);
  NodeMap nodes;
  for (const Node& node : completed) {
    const size_t width = size_t{1} << node.id.level;
    ASSERT_LE((node.id.index + 1) * width, leaves.size());
    EXPECT_EQ(node.hash,
              ReferenceRoot(absl::MakeSpan(leaves).subspan(node.id.index * width, width)));
    EXPECT_TRUE(nodes.emplace(node.id, node.hash).second) << "stored more than once";
  }
  size_t expected = 0;
  for (size_t width = 1; width <= leaves.size(); width *= 2) expected += leaves.size() / width;
  EXPECT_EQ(nodes.size(), expected);
}

TEST(FrontierTest, AppendsToEveryStoredSize) {
  constexpr int kSize = 40;
  const std::vector<Hash> leaves = MakeLeaves(kSize);
  const NodeMap all = StoredNodes(leaves);
  for (size_t stored = 0; stored <= kSize; ++stored) {
    NodeMap nodes = StoredNodes(absl::MakeSpan(leaves).first(stored));
    absl::StatusOr<Frontier> frontier = Frontier::Load(stored, nodes);
    ASSERT_OK(frontier);
    EXPECT_EQ(frontier->Root(), ReferenceRoot(absl::MakeSpan(leaves).first(stored)));
    for (const Node& node : frontier->Append(absl::MakeSpan(leaves).subspan(stored))) {
      EXPECT_TRUE(nodes.emplace(node.id, node.hash).second);
    }
    EXPECT_EQ(nodes, all) << stored;
    EXPECT_EQ(frontier->size(), leaves.size());
    EXPECT_EQ(frontier->Root(), ReferenceRoot(leaves));
  }
}

TEST(FrontierTest, RefusesWhatWasNotStored) {
  NodeMap nodes = StoredNodes(MakeLeaves(7));
  EXPECT_THAT(Frontier::Load(8, nodes), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Frontier::Load(kMaxSize + 1, nodes), StatusIs(absl::StatusCode::kInvalidArgument));
  nodes.erase({1, 2});
  EXPECT_THAT(Frontier::Load(7, nodes), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_OK(Frontier::Load(5, nodes));
}

TEST(RootTest, OfEveryPastSizeComesFromTheNodesItLists) {
  constexpr int kSize = 130;
  const std::vector<Hash> leaves = MakeLeaves(kSize);
  const NodeMap all = StoredNodes(leaves);
  for (size_t size = 0; size <= kSize; ++size) {
    NodeMap needed;
    for (const NodeId& id : RootNodes(size)) needed[id] = all.at(id);
    EXPECT_THAT(Root(size, needed),
                IsOkAndHolds(ReferenceRoot(absl::MakeSpan(leaves).first(size))));
  }
  EXPECT_THAT(Root(kSize + 1, all), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(HashTest, SeparatesLeavesFromNodes) {
  const Hash a = LeafHash("a");
  const Hash b = LeafHash("b");
  EXPECT_NE(LeafHash(absl::StrCat(HashBytes(a), HashBytes(b))), NodeHash(a, b));
  EXPECT_NE(NodeHash(a, b), NodeHash(b, a));
}

TEST(HashTest, ReadsItsOwnBytesOnly) {
  const Hash hash = LeafHash("entry");
  EXPECT_THAT(HashFromBytes(HashBytes(hash)), IsOkAndHolds(hash));
  for (size_t size : {0, 31, 33}) {
    EXPECT_THAT(HashFromBytes(std::string(size, 'x')),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace veche::merkle
