#include "common/merkle/proof.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "common/merkle/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::merkle {
namespace {

using testing::FromHex;
using testing::KnownLeaves;
using testing::MakeLeaves;
using testing::ReferencePath;
using testing::ReferenceRoot;
using testing::ReferenceSubproof;
using testing::StoredNodes;
using veche::testing::IsOkAndHolds;
using veche::testing::StatusIs;

constexpr size_t kSize = 130;

Proof FromHexes(std::initializer_list<absl::string_view> hexes) {
  Proof proof;
  for (absl::string_view hex : hexes) proof.push_back(FromHex(hex));
  return proof;
}

// `all` reduced to `ids`, which must be distinct.
NodeMap Fetch(const std::vector<NodeId>& ids, const NodeMap& all) {
  NodeMap nodes;
  for (const NodeId& id : ids) EXPECT_TRUE(nodes.emplace(id, all.at(id)).second);
  return nodes;
}

class ProofTest : public ::testing::Test {
 protected:
  absl::Span<const Hash> First(size_t size) const { return absl::MakeSpan(leaves_).first(size); }

  const std::vector<Hash> leaves_ = MakeLeaves(kSize);
  const NodeMap nodes_ = StoredNodes(leaves_);
};

TEST(KnownProofTest, OfInclusion) {
  const NodeMap nodes = StoredNodes(KnownLeaves());
  EXPECT_THAT(InclusionProof(0, 1, nodes), IsOkAndHolds(Proof()));
  EXPECT_THAT(InclusionProof(0, 8, nodes),
              IsOkAndHolds(
                  FromHexes({"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"})));
  EXPECT_THAT(InclusionProof(5, 8, nodes),
              IsOkAndHolds(
                  FromHexes({"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"})));
  EXPECT_THAT(InclusionProof(2, 3, nodes),
              IsOkAndHolds(
                  FromHexes({"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"})));
  EXPECT_THAT(InclusionProof(1, 5, nodes),
              IsOkAndHolds(
                  FromHexes({"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"})));
}

TEST(KnownProofTest, OfConsistency) {
  const NodeMap nodes = StoredNodes(KnownLeaves());
  EXPECT_THAT(ConsistencyProof(1, 1, nodes), IsOkAndHolds(Proof()));
  EXPECT_THAT(ConsistencyProof(1, 8, nodes),
              IsOkAndHolds(
                  FromHexes({"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"})));
  EXPECT_THAT(ConsistencyProof(6, 8, nodes),
              IsOkAndHolds(
                  FromHexes({"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"})));
  EXPECT_THAT(ConsistencyProof(2, 5, nodes),
              IsOkAndHolds(
                  FromHexes({"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"})));
}

TEST_F(ProofTest, OfInclusionIsThatOfTheDefinitionForEveryLeafOfEverySize) {
  for (size_t size = 1; size <= kSize; ++size) {
    const Hash root = ReferenceRoot(First(size));
    for (size_t index = 0; index < size; ++index) {
      const absl::StatusOr<Proof> proof =
          InclusionProof(index, size, Fetch(InclusionNodes(index, size), nodes_));
      ASSERT_THAT(proof, IsOkAndHolds(ReferencePath(index, First(size))));
      ASSERT_TRUE(VerifyInclusion(leaves_[index], index, size, *proof, root));
    }
  }
}

TEST_F(ProofTest, OfConsistencyIsThatOfTheDefinitionForEveryPairOfSizes) {
  for (size_t size = 1; size <= kSize; ++size) {
    const Hash root = ReferenceRoot(First(size));
    for (size_t old_size = 1; old_size <= size; ++old_size) {
      const absl::StatusOr<Proof> proof =
          ConsistencyProof(old_size, size, Fetch(ConsistencyNodes(old_size, size), nodes_));
      ASSERT_THAT(proof, IsOkAndHolds(ReferenceSubproof(old_size, First(size), true)));
      ASSERT_TRUE(VerifyConsistency(old_size, ReferenceRoot(First(old_size)), size, root, *proof));
    }
  }
}

TEST_F(ProofTest, RefusesSizesThatTheLogNeverHad) {
  EXPECT_THAT(InclusionProof(5, 5, nodes_), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(InclusionProof(0, 0, nodes_), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(InclusionProof(0, kMaxSize + 1, nodes_), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(InclusionProof(0, kSize + 1, nodes_), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(ConsistencyProof(6, 5, nodes_), StatusIs(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(ConsistencyProof(5, kSize + 1, nodes_), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_TRUE(InclusionNodes(5, 5).empty());
  EXPECT_TRUE(ConsistencyNodes(6, 5).empty());
}

// Every proof that differs from `proof` by one hash removed, added, repeated or moved, or by one
// bit.
std::vector<Proof> Mutations(const Proof& proof) {
  std::vector<Proof> mutations;
  for (size_t i = 0; i <= proof.size(); ++i) {
    mutations.push_back(proof);
    mutations.back().insert(mutations.back().begin() + i, LeafHash("added"));
    if (i == proof.size()) break;
    mutations.push_back(proof);
    mutations.back().erase(mutations.back().begin() + i);
    mutations.push_back(proof);
    mutations.back().insert(mutations.back().begin() + i, proof[i]);
    if (i + 1 < proof.size()) {
      mutations.push_back(proof);
      std::swap(mutations.back()[i], mutations.back()[i + 1]);
    }
    for (size_t bit = 0; bit < 8 * sizeof(Hash); ++bit) {
      mutations.push_back(proof);
      mutations.back()[i][bit / 8] ^= 1 << bit % 8;
    }
  }
  return mutations;
}

TEST_F(ProofTest, OfInclusionFailsWithAnyChange) {
  for (size_t size : {1, 2, 7, 8, 13}) {
    const Hash root = ReferenceRoot(First(size));
    for (size_t index = 0; index < size; ++index) {
      const Proof proof = *InclusionProof(index, size, nodes_);
      for (const Proof& mutation : Mutations(proof)) {
        EXPECT_FALSE(VerifyInclusion(leaves_[index], index, size, mutation, root));
      }
      for (size_t other = 0; other <= size; ++other) {
        if (other == index) continue;
        EXPECT_FALSE(VerifyInclusion(leaves_[index], other, size, proof, root));
        EXPECT_FALSE(VerifyInclusion(leaves_[other], index, size, proof, root));
      }
      EXPECT_FALSE(VerifyInclusion(leaves_[index], index, size, proof, LeafHash("root")));
    }
  }
}

TEST_F(ProofTest, OfConsistencyFailsWithAnyChange) {
  for (size_t size : {1, 2, 7, 8, 13}) {
    const Hash root = ReferenceRoot(First(size));
    for (size_t old_size = 1; old_size <= size; ++old_size) {
      const Hash old_root = ReferenceRoot(First(old_size));
      const Proof proof = *ConsistencyProof(old_size, size, nodes_);
      for (const Proof& mutation : Mutations(proof)) {
        EXPECT_FALSE(VerifyConsistency(old_size, old_root, size, root, mutation))
            << old_size << " of " << size;
      }
      EXPECT_FALSE(VerifyConsistency(old_size, LeafHash("fork"), size, root, proof));
      EXPECT_FALSE(VerifyConsistency(old_size, old_root, size, LeafHash("fork"), proof));
      EXPECT_FALSE(VerifyConsistency(size + 1, old_root, size, root, proof));
      EXPECT_FALSE(VerifyConsistency(0, old_root, size, root, proof));
    }
  }
}

TEST_F(ProofTest, OfConsistencyNoticesAChangedOrRemovedLeaf) {
  for (size_t old_size : {1, 5, 8, 12}) {
    const Hash old_root = ReferenceRoot(First(old_size));
    for (size_t changed = 0; changed < old_size; ++changed) {
      std::vector<Hash> fork(leaves_.begin(), leaves_.begin() + 13);
      fork[changed] = LeafHash("changed");
      std::vector<Hash> shorter(leaves_.begin(), leaves_.begin() + 13);
      shorter.erase(shorter.begin() + changed);
      for (const std::vector<Hash>& leaves : {fork, shorter}) {
        if (leaves.size() == old_size) continue;
        const Proof proof = *ConsistencyProof(old_size, leaves.size(), StoredNodes(leaves));
        EXPECT_FALSE(
            VerifyConsistency(old_size, old_root, leaves.size(), ReferenceRoot(leaves), proof));
      }
    }
  }
}

TEST_F(ProofTest, OfConsistencyFromTheEmptyLogIsEmpty) {
  const Hash root = ReferenceRoot(leaves_);
  EXPECT_THAT(ConsistencyProof(0, kSize, nodes_), IsOkAndHolds(Proof()));
  EXPECT_TRUE(VerifyConsistency(0, EmptyRoot(), kSize, root, {}));
  EXPECT_FALSE(VerifyConsistency(0, EmptyRoot(), kSize, root, {root}));
  EXPECT_FALSE(VerifyConsistency(0, root, kSize, root, {}));
}

TEST_F(ProofTest, DoesNotReachBeyondTheTreeOfTheStatedSize) {
  const Hash a = leaves_[0], b = leaves_[1], c = leaves_[2], d = leaves_[3], x = leaves_[4];
  const Hash ab = NodeHash(a, b);
  EXPECT_TRUE(VerifyInclusion(b, 1, 2, {a}, ab));
  EXPECT_FALSE(VerifyInclusion(b, 0, 1, {a}, ab));
  const Hash abc = NodeHash(ab, c);
  const Hash abcd = NodeHash(ab, NodeHash(c, d));
  EXPECT_TRUE(VerifyConsistency(3, abc, 4, abcd, {c, d, ab}));
  EXPECT_FALSE(VerifyConsistency(3, NodeHash(x, abc), 4, NodeHash(x, abcd), {c, d, ab, x}));
}

TEST_F(ProofTest, VerifiersSurviveRandomInput) {
  std::mt19937_64 random(1);
  const auto number = [&random] { return random() >> random() % 64; };
  for (int round = 0; round < 20'000; ++round) {
    Proof proof(number() % 140, leaves_[random() % kSize]);
    const Hash root = leaves_[random() % kSize];
    const uint64_t index = number();
    const uint64_t size = random() % 4 == 0 ? index + random() % 3 : number();
    // Only a tree of one leaf has a leaf as its root.
    EXPECT_TRUE(size == 1 || !VerifyInclusion(leaves_[0], index, size, proof, root));
    EXPECT_TRUE(index == size || !VerifyConsistency(index, leaves_[0], size, root, proof));
  }
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  for (size_t length = 0; length < 200; ++length) {
    EXPECT_FALSE(VerifyInclusion({}, kMax - 1, kMax, Proof(length), {}));
    EXPECT_FALSE(VerifyInclusion({}, kMax, kMax, Proof(length), {}));
    EXPECT_FALSE(VerifyConsistency(kMax - 1, {}, kMax, {}, Proof(length)));
    EXPECT_FALSE(VerifyConsistency(uint64_t{1} << 63, {}, kMax, {}, Proof(length)));
  }
}

}  // namespace
}  // namespace veche::merkle
