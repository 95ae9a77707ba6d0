#include "common/triage/priority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace veche::triage {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

TEST(AssessTest, AddsReasonsUp) {
  EXPECT_EQ(Assess({}).score, kBaseScore);
  EXPECT_EQ(Assess({}).level, Level::kNormal);
  const Assessment assessment = Assess({{"school", 15, "школы"}, {"threat", 30, "упадёт"}});
  EXPECT_EQ(assessment.score, 75);
  EXPECT_EQ(assessment.level, Level::kHigh);
  EXPECT_THAT(assessment.reasons,
              ElementsAre(Field(&Reason::reason, "threat"), Field(&Reason::reason, "school")));
}

TEST(AssessTest, KnowsTheLevels) {
  EXPECT_EQ(Assess({{"a", kHighFrom - kBaseScore, ""}}).level, Level::kHigh);
  EXPECT_EQ(Assess({{"a", kHighFrom - kBaseScore - 1, ""}}).level, Level::kNormal);
  EXPECT_EQ(Assess({{"a", kLowBelow - kBaseScore, ""}}).level, Level::kNormal);
  EXPECT_EQ(Assess({{"a", kLowBelow - kBaseScore - 1, ""}}).level, Level::kLow);
  EXPECT_EQ(Assess({{std::string(kHazard), 70, "газ"}, {"thanks", -45, ""}}).level,
            Level::kEmergency);
  EXPECT_EQ(Assess({{"a", 90, ""}, {"b", 90, ""}}).score, 100);
  EXPECT_EQ(Assess({{"a", -90, ""}}).score, 0);
}

TEST(AssessTest, CountsAReasonOnce) {
  const Assessment assessment = Assess({{"place", 10, "двор"}, {"place", 15, "школа"}});
  EXPECT_EQ(assessment.score, kBaseScore + 15);
  EXPECT_THAT(assessment.reasons, ElementsAre(Field(&Reason::evidence, "школа")));
}

TEST(RepeatsReasonTest, GrowsWithOthers) {
  EXPECT_FALSE(RepeatsReason(0).has_value());
  int last = 0;
  for (int64_t others : {1, 3, 10, 20, 50}) {
    EXPECT_GT(RepeatsReason(others)->points, last);
    last = RepeatsReason(others)->points;
  }
  EXPECT_EQ(RepeatsReason(1'000'000)->points, last);
}

TEST(DeadlineReasonTest, GrowsAsTimeRunsOut) {
  EXPECT_FALSE(DeadlineReason(false, false).has_value());
  EXPECT_GT(DeadlineReason(true, false)->points, 0);
  EXPECT_GT(DeadlineReason(true, true)->points, DeadlineReason(true, false)->points);
}

TEST(ReasonsTest, GoThereAndBack) {
  const std::vector<Reason> reasons = {{"hazard", 70, "пахнет газом"}, {"thanks", -45, ""}};
  EXPECT_EQ(FromText(ToText(reasons)), reasons);
  EXPECT_EQ(FromText(ToText({{"a", 1, "b\tc\nd"}})), (std::vector<Reason>{{"a", 1, "b c d"}}));
  EXPECT_TRUE(FromText("").empty());
  EXPECT_TRUE(FromText("a\tmany\tb\nrubbish\n").empty());
}

}  // namespace
}  // namespace veche::triage
