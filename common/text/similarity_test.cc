#include "common/text/similarity.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace veche::text {
namespace {

using Terms = std::vector<std::string>;

TEST(SimilarityTest, IsTheMeanOfJaccardAndContainment) {
  EXPECT_DOUBLE_EQ(TermSimilarity(Terms{"a", "b"}, Terms{"a", "b"}), 1);
  EXPECT_DOUBLE_EQ(TermSimilarity(Terms{"a", "b"}, Terms{"a", "b", "c", "d"}), (0.5 + 1) / 2);
  EXPECT_DOUBLE_EQ(TermSimilarity(Terms{"a", "b"}, Terms{"c"}), 0);
  EXPECT_DOUBLE_EQ(TermSimilarity(Terms{}, Terms{}), 0);
}

TEST(SimilarityTest, ASingleSharedWordIsWeakEvidence) {
  EXPECT_DOUBLE_EQ(TermSimilarity(Terms{"a", "b"}, Terms{"a", "c"}), 1.0 / 3);
}

}  // namespace
}  // namespace veche::text
