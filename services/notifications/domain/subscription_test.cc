#include "services/notifications/domain/subscription.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace veche::notifications {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

absl::Time At(const char* text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return time;
}

TEST(SubscriptionTest, TheHomeDistrictCountsUnlessDistrictsAreChosen) {
  EXPECT_THAT(InterestOf({.districts = {}, .home_district = "districts/a"}).districts,
              ElementsAre("districts/a"));
  EXPECT_THAT(InterestOf({.districts = {"districts/b"}, .home_district = "districts/a"}).districts,
              ElementsAre("districts/b"));
  EXPECT_THAT(InterestOf({.home_district = ""}).districts, IsEmpty());
  EXPECT_THAT(InterestOf({.home_district = std::nullopt}).districts, IsEmpty());
}

TEST(InterestTest, ConcernsByTopicAndDistrict) {
  const std::vector<std::string> a = {"a"}, both = {"a", "b"}, city;
  EXPECT_TRUE(Concerns({.topics = {}, .districts = {"b"}}, "t", both));
  EXPECT_FALSE(Concerns({.topics = {}, .districts = {"b"}}, "t", a));
  EXPECT_FALSE(Concerns({.topics = {"u"}, .districts = {"a"}}, "t", a));
  EXPECT_FALSE(Concerns({.topics = {"t"}, .muted = {"t"}, .districts = {"a"}}, "t", a));
  EXPECT_TRUE(Concerns({.topics = {"t"}}, "t", city));
  EXPECT_FALSE(Concerns({.muted = {"t"}}, "t", city));
}

struct SendCase {
  const char* name;
  QuietHours quiet;
  const char* now;
  const char* sent;
};
const QuietHours kNight = {22 * 60, 7 * 60, std::nullopt, "Europe/Moscow"};
const QuietHours kMorning = {22 * 60, 7 * 60, 8 * 60 + 30, "Europe/Moscow"};
const QuietHours kNoon = {12 * 60, 14 * 60, std::nullopt, "Europe/Moscow"};
const QuietHours kBerlin = {60, 2 * 60 + 30, std::nullopt, "Europe/Berlin"};
const SendCase kCases[] = {
    {"ByDay", kNight, "2026-12-01T21:59:59+03:00", "2026-12-01T21:59:59+03:00"},
    {"BeforeMidnight", kNight, "2026-12-01T22:00:00+03:00", "2026-12-02T07:00:00+03:00"},
    {"AfterMidnight", kNight, "2026-12-02T06:59:59+03:00", "2026-12-02T07:00:00+03:00"},
    {"AtTheEnd", kNight, "2026-12-02T07:00:00+03:00", "2026-12-02T07:00:00+03:00"},
    {"OtherZone", kNight, "2026-12-01T20:00:00Z", "2026-12-02T04:00:00Z"},
    {"Digest", kMorning, "2026-12-01T23:00:00+03:00", "2026-12-02T08:30:00+03:00"},
    {"BetweenEndAndDigest", kMorning, "2026-12-02T08:00:00+03:00", "2026-12-02T08:00:00+03:00"},
    {"WithinADay", kNoon, "2026-12-01T13:00:00+03:00", "2026-12-01T14:00:00+03:00"},
    {"EndSkippedByTheClocks", kBerlin, "2026-03-29T01:30:00+01:00", "2026-03-29T03:00:00+02:00"},
};

TEST(SendTimeTest, HoldsMessagesInQuietHours) {
  for (const SendCase& each : kCases) {
    EXPECT_EQ(SendTime(each.quiet, At(each.now)), At(each.sent)) << each.name;
  }
  EXPECT_EQ(SendTime(std::nullopt, At("2026-12-01T23:00:00Z")), At("2026-12-01T23:00:00Z"));
}

TEST(MinuteTest, HasOneForm) {
  EXPECT_EQ(ParseMinute("00:00"), 0);
  EXPECT_EQ(ParseMinute("23:59"), 1439);
  EXPECT_EQ(FormatMinute(7 * 60 + 5), "07:05");
  for (const char* wrong : {"", "7:00", "24:00", "12:60", "12-30", "1a:00", "12:300", "-1:00"}) {
    EXPECT_EQ(ParseMinute(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace veche::notifications
