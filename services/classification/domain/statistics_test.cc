#include "services/classification/domain/statistics.h"

#include <gtest/gtest.h>

#include <random>

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

// Cases that `people` decided in equal parts.
PairsByPerson Of(const Pairs& each, int people = 2) {
  PairsByPerson pairs;
  for (int i = 0; i < people; ++i) pairs[std::string(1, static_cast<char>('a' + i))] = each;
  return pairs;
}

TEST(StatisticsTest, EvidenceIsTheMeanLikelihoodRatio) {
  EXPECT_DOUBLE_EQ(EvidenceFor(0, 0), 1);
  // 2^(g+l+1) times the integral of p^g (1-p)^l from one half to one.
  EXPECT_NEAR(EvidenceFor(1, 0), 4 * (0.5 - 0.125), 1e-9);
  EXPECT_NEAR(EvidenceFor(0, 1), 4 * 0.125, 1e-9);
  EXPECT_NEAR(EvidenceFor(6, 0), 128 * (1 - 1 / 128.0) / 7, 1e-9);
  EXPECT_GT(EvidenceFor(100'000, 10), 1e9);
  EXPECT_LT(EvidenceFor(10, 100'000), 1e-3);
}

struct CompareCase {
  PairsByPerson pairs;
  bool better, worse;
};

TEST(StatisticsTest, BetterMeansBeyondChanceWhoeverIsLeftOut) {
  const CompareCase cases[] = {
      {{}, false, false},
      {Of({.of = 100}), false, false},
      {Of({.of = 100, .gained = 6, .lost = 0}), false, false},
      {Of({.of = 100, .gained = 7, .lost = 0}), true, false},
      {Of({.of = 100, .gained = 0, .lost = 7}), false, true},
      {Of({.of = 1000, .gained = 60, .lost = 50}), false, false},
      {Of({.of = 1000, .gained = 90, .lost = 50}), true, false},
      {Of({.of = 100'000, .gained = 30'000, .lost = 20'000}), true, false},
      // Not enough: one person alone, or with another who decided hardly anything.
      {Of({.of = 1000, .gained = 500}, 1), false, false},
      {Of({.of = 1000, .lost = 500}, 1), false, false},
      {{{"a", {.of = 1000, .gained = 500}}, {"b", {.of = 9, .gained = 6}}}, false, false},
      {{{"a", {.of = 1000, .gained = 500}}, {"b", {.of = 9, .gained = 7}}}, true, false},
      {{{"a", {.of = 1000, .gained = 500}}, {"b", {.of = 90, .lost = 9}}}, false, false},
      // Many people with few cases each.
      {Of({.of = 3, .gained = 1}, 9), true, false},
  };
  for (const CompareCase& c : cases) {
    const PairedDifference difference = Compare(c.pairs);
    const auto& first = c.pairs.empty() ? Pairs() : c.pairs.begin()->second;
    EXPECT_EQ(difference.better, c.better) << first.gained << ":" << first.lost;
    EXPECT_EQ(difference.worse, c.worse) << first.gained << ":" << first.lost;
    EXPECT_LE(difference.difference.low, difference.difference.value);
    EXPECT_GE(difference.difference.high, difference.difference.value);
    EXPECT_EQ(difference.people, static_cast<int64_t>(c.pairs.size()));
  }
  EXPECT_NEAR(Compare(Of({.of = 100, .gained = 6})).p_value, 7 / 127.0, 1e-9);
  EXPECT_EQ(Compare(Of({.of = 100, .gained = 50}, 1)).p_value, 1);
}

struct LooksCase {
  double chance;  // that the new model is right in a case where one model is
  int people;
  int cases;
  double least, most;  // share of candidates that are better at some look
};

// Compares after every single case.
TEST(StatisticsTest, ManyLooksFindFewFalseWinners) {
  const LooksCase cases[] = {
      {.chance = 0.5, .people = 2, .cases = 300, .least = 0, .most = 0.05},
      {.chance = 0.5, .people = 5, .cases = 300, .least = 0, .most = 0.05},
      {.chance = 0.45, .people = 3, .cases = 300, .least = 0, .most = 0.02},
      {.chance = 0.75, .people = 3, .cases = 300, .least = 0.95, .most = 1},
  };
  constexpr int kCandidates = 300;
  std::mt19937 random(1);
  for (const LooksCase& c : cases) {
    int found = 0;
    for (int candidate = 0; candidate < kCandidates; ++candidate) {
      PairsByPerson pairs;
      bool better = false;
      for (int i = 0; i < c.cases && !better; ++i) {
        const bool gained = std::uniform_real_distribution<double>()(random) < c.chance;
        const int person = static_cast<int>(random() % static_cast<unsigned>(c.people));
        pairs[std::string(1, static_cast<char>('a' + person))] +=
            Pairs{.of = 4, .gained = gained ? 1 : 0, .lost = gained ? 0 : 1};
        better = Compare(pairs).better;
      }
      found += better ? 1 : 0;
    }
    const double share = static_cast<double>(found) / kCandidates;
    EXPECT_GE(share, c.least) << c.chance << " " << c.people;
    EXPECT_LE(share, c.most) << c.chance << " " << c.people;
  }
}

// The bound also holds for the e-value of all cases.
TEST(StatisticsTest, EvidenceIsRarelyLargeByChance) {
  std::mt19937 random(2);
  constexpr int kRuns = 2000;
  int reached = 0;
  for (int run = 0; run < kRuns; ++run) {
    int64_t gained = 0, lost = 0;
    for (int i = 0; i < 300; ++i) {
      ++(random() % 2 == 0 ? gained : lost);
      if (EvidenceFor(gained, lost) < 20) continue;
      ++reached;
      break;
    }
  }
  EXPECT_LT(reached, kRuns * 0.05);
  EXPECT_GT(reached, kRuns * 0.01) << "it should not be blind either";
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
