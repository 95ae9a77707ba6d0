#include "services/classification/learning/statistics.h"

#include <gtest/gtest.h>

namespace veche::classification {
namespace {

TEST(StatisticsTest, WilsonKnowsHowLittleAFewCasesTell) {
  const Interval all = Wilson(10, 10);
  EXPECT_EQ(all.value, 1);
  EXPECT_NEAR(all.low, 0.7225, 1e-3);
  EXPECT_DOUBLE_EQ(all.high, 1);
  const Interval most = Wilson(81, 263);  // Newcombe 1998, table I
  EXPECT_NEAR(most.low, 0.2553, 1e-3);
  EXPECT_NEAR(most.high, 0.3662, 1e-3);
  EXPECT_EQ(Wilson(0, 0).low, 0);
  EXPECT_EQ(Wilson(0, 0).high, 1);
}

struct CompareCase {
  Pairs pairs;
  bool better, worse;
};

TEST(StatisticsTest, BetterMeansBeyondChance) {
  const CompareCase cases[] = {
      {{.of = 0}, false, false},
      {{.of = 100}, false, false},
      {{.of = 100, .gained = 5, .lost = 0}, false, false},  // p = 0.06
      {{.of = 100, .gained = 6, .lost = 0}, true, false},   // p = 0.03
      {{.of = 100, .gained = 0, .lost = 6}, false, true},
      {{.of = 1000, .gained = 60, .lost = 50}, false, false},
      {{.of = 1000, .gained = 80, .lost = 50}, true, false},
      {{.of = 100'000, .gained = 30'000, .lost = 20'000}, true, false},
  };
  for (const CompareCase& c : cases) {
    const PairedDifference difference = Compare(c.pairs);
    EXPECT_EQ(difference.better, c.better) << c.pairs.gained << ":" << c.pairs.lost;
    EXPECT_EQ(difference.worse, c.worse) << c.pairs.gained << ":" << c.pairs.lost;
    EXPECT_LE(difference.difference.low, difference.difference.value);
    EXPECT_GE(difference.difference.high, difference.difference.value);
  }
  EXPECT_NEAR(Compare({.of = 100, .gained = 6, .lost = 0}).p_value, 0.03125, 1e-9);
  EXPECT_NEAR(Compare({.of = 100, .gained = 8, .lost = 2}).p_value, 0.109375, 1e-9);
}

TEST(StatisticsTest, StabilityIndexGrowsWithTheShift) {
  const std::map<std::string, int64_t> even = {{"a", 500}, {"b", 500}};
  EXPECT_EQ(StabilityIndex(even, {}), 0);
  EXPECT_EQ(StabilityIndex({}, even), 0);
  EXPECT_NEAR(StabilityIndex(even, {{"a", 50}, {"b", 50}}), 0, 1e-9);
  const double little = StabilityIndex(even, {{"a", 60}, {"b", 40}});
  const double much = StabilityIndex(even, {{"a", 90}, {"b", 10}});
  EXPECT_LT(little, 0.1);
  EXPECT_GT(much, 0.25);
  EXPECT_GT(StabilityIndex(even, {{"a", 500}, {"b", 500}, {"new", 1000}}), 0.25);
}

}  // namespace
}  // namespace veche::classification
