#include "services/identity/domain/eligibility.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace veche::identity {
namespace {

using absl::CivilDay;

const CivilDay kToday(2026, 9, 21);

Standing Verified(CivilDay birth_date, std::string district = "districts/a") {
  return {.verified = true, .birth_date = birth_date, .district = std::move(district)};
}

TEST(EligibilityTest, ARuleWithoutFieldsAdmitsEverybody) {
  EXPECT_EQ(ObstacleOf({}, {}, kToday), Obstacle::kNone);
}

TEST(EligibilityTest, EachFieldOfTheRuleHasItsObstacle) {
  const Standing plain{.district = "districts/a"};
  EXPECT_EQ(ObstacleOf(plain, {.verified = true}, kToday), Obstacle::kNotVerified);
  EXPECT_EQ(ObstacleOf(plain, {.min_age = 1}, kToday), Obstacle::kUnknownAge);
  EXPECT_EQ(ObstacleOf(plain, {.districts = {"districts/b"}}, kToday), Obstacle::kOtherDistrict);
  EXPECT_EQ(ObstacleOf({}, {.districts = {"districts/b"}}, kToday), Obstacle::kUnknownDistrict);
  EXPECT_EQ(ObstacleOf(plain, {.districts = {"districts/b", "districts/a"}}, kToday),
            Obstacle::kNone);
}

TEST(EligibilityTest, AnAgeIsReachedOnTheBirthday) {
  const EligibilityRule adults{.min_age = 18};
  EXPECT_EQ(ObstacleOf(Verified(CivilDay(2008, 9, 21)), adults, kToday), Obstacle::kNone);
  EXPECT_EQ(ObstacleOf(Verified(CivilDay(2008, 9, 22)), adults, kToday), Obstacle::kTooYoung);
}

TEST(EligibilityTest, LeapDaysAreReachedOnTheFirstOfMarch) {
  const EligibilityRule adults{.min_age = 18};
  const Standing leap = Verified(CivilDay(2008, 2, 29));
  EXPECT_EQ(ObstacleOf(leap, adults, CivilDay(2026, 2, 28)), Obstacle::kTooYoung);
  EXPECT_EQ(ObstacleOf(leap, adults, CivilDay(2026, 3, 1)), Obstacle::kNone);
  // The reverse: today is 29 February, the year of birth had none.
  EXPECT_EQ(ObstacleOf(Verified(CivilDay(2010, 2, 28)), adults, CivilDay(2028, 2, 29)),
            Obstacle::kNone);
  EXPECT_EQ(ObstacleOf(Verified(CivilDay(2010, 3, 1)), adults, CivilDay(2028, 2, 29)),
            Obstacle::kTooYoung);
}

TEST(EligibilityTest, ABirthDateIsADayOfTheCalendarThatHasCome) {
  for (const char* good : {"1990-02-28", "2026-09-21", "2024-02-29"}) {
    EXPECT_TRUE(BirthDateProblem(good, kToday).empty()) << good;
  }
  for (const char* bad : {"", "1990", "1990-2-28", "1990-02-30", "2023-02-29", "28.02.1990",
                          "1990-02-28T00", " 1990-02-28", "2026-09-22", "1876-09-21"}) {
    EXPECT_FALSE(BirthDateProblem(bad, kToday).empty()) << bad;
  }
}

TEST(EligibilityTest, EveryWrongFieldOfARuleIsNamed) {
  Violations violations;
  CheckRule({.min_age = -1, .districts = {"districts/a", "a"}}, "eligibility", violations);
  const std::string wire = violations.Serialize();
  EXPECT_THAT(wire, ::testing::HasSubstr("eligibility.minAge"));
  EXPECT_THAT(wire, ::testing::HasSubstr("eligibility.districts[1]"));
}

}  // namespace
}  // namespace veche::identity
