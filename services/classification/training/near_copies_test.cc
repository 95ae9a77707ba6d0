#include "services/classification/training/near_copies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "absl/strings/str_cat.h"

namespace veche::classification {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;

TEST(NearCopiesTest, FindsWhatSaysTheSameAgain) {
  std::vector<std::string> texts;
  for (int i = 0; i < 12; ++i) {
    texts.push_back(absl::StrCat("Во дворе дома ", i * 7,
                                 " по улице Мира третий день не вывозят мусор, баки полные"));
    texts.push_back(
        absl::StrCat("Яма на дороге у школы", std::string(static_cast<size_t>(i), '!')));
  }
  texts.push_back("Не горит фонарь у подъезда");
  for (int i = 0; i < 9; ++i) texts.push_back("Течёт труба в подвале");
  const std::vector<uint32_t> copy_of =
      FindNearCopies(std::vector<absl::string_view>(texts.begin(), texts.end()));
  for (size_t i = 0; i < 24; ++i) EXPECT_EQ(copy_of[i], i % 2) << texts[i];
  for (uint32_t i = 24; i < copy_of.size(); ++i) EXPECT_EQ(copy_of[i], i) << "nine are no campaign";
  EXPECT_TRUE(FindNearCopies({}).empty());
}

TEST(NearCopiesTest, CopiesAreWorthWhatOneIs) {
  const uint32_t copy_of[] = {0, 0, 0, 0, 4};
  const int32_t topics[] = {0, 0, 0, 0, 1};
  EXPECT_THAT(TextWeights(copy_of, topics, 100),
              ElementsAre(FloatNear(0.25f, 1e-6f), FloatNear(0.25f, 1e-6f), FloatNear(0.25f, 1e-6f),
                          FloatNear(0.25f, 1e-6f), FloatNear(1.0f, 1e-6f)));
}

// 200 texts of one topic, and 10 of each of five others, weigh at most a fifth of the total.
TEST(NearCopiesTest, OneTopicDoesNotSpeakForAll) {
  std::vector<uint32_t> copy_of(250);
  std::iota(copy_of.begin(), copy_of.end(), 0u);
  std::vector<int32_t> topics(250, 0);
  for (size_t i = 200; i < topics.size(); ++i) topics[i] = static_cast<int32_t>(1 + i % 5);
  const std::vector<float> worth = TextWeights(copy_of, topics, 20);
  const double one = std::accumulate(worth.begin(), worth.begin() + 200, 0.0);
  const double others = std::accumulate(worth.begin() + 200, worth.end(), 0.0);
  EXPECT_NEAR(others, 50, 1e-3);
  EXPECT_NEAR(one, 0.2 * (one + others + 20), 1e-2);
}

TEST(NearCopiesTest, NothingElseBesideMeansHardlyAnything) {
  const uint32_t copy_of[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const std::vector<int32_t> topics(10, 3);
  const std::vector<float> worth = TextWeights(copy_of, topics, 20);
  EXPECT_NEAR(std::accumulate(worth.begin(), worth.end(), 0.0), 5, 1e-3);
}

}  // namespace
}  // namespace veche::classification
