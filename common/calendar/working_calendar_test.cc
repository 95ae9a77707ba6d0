#include "common/calendar/working_calendar.h"

#include <gtest/gtest.h>

#include "common/calendar/city_calendar.h"
#include "common/testing/status_matchers.h"

namespace veche {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;

absl::TimeZone Moscow() {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone("Europe/Moscow", &zone));
  return zone;
}

// "2026-01-12 09:00" in Moscow, which has no summer time.
absl::Time At(absl::string_view text, absl::TimeZone zone = Moscow()) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", text, zone, &time, &error)) << error;
  return time;
}

std::string Show(absl::Time time, absl::TimeZone zone = Moscow()) {
  return absl::FormatTime("%Y-%m-%d %H:%M", time, zone);
}

TEST(WorkingCalendarTest, TellsHolidaysFromWeekends) {
  const WorkingCalendar calendar = WorkingCalendar::Russia(Moscow());
  EXPECT_TRUE(calendar.IsHoliday(absl::CivilDay(2024, 5, 9)));
  EXPECT_TRUE(calendar.IsHoliday(absl::CivilDay(2024, 1, 7)));    // a Sunday
  EXPECT_TRUE(calendar.IsHoliday(absl::CivilDay(2024, 4, 29)));   // by decree
  EXPECT_FALSE(calendar.IsHoliday(absl::CivilDay(2024, 4, 27)));  // a Saturday that was worked
  EXPECT_FALSE(calendar.IsHoliday(absl::CivilDay(2024, 4, 21)));  // a Sunday
}

TEST(WorkingCalendarTest, KnowsMovedHolidaysOfRussia) {
  WorkingCalendar calendar = WorkingCalendar::Russia(Moscow());
  struct Case {
    absl::string_view day;
    bool working;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"2024-02-29", true},   // leap day, a Thursday
           {"2024-04-27", true},   // a Saturday that was worked
           {"2024-04-29", false},  // for this Monday
           {"2024-12-28", true},  {"2024-12-31", false},
           {"2025-01-09", true},  {"2025-05-02", false},
           {"2025-11-01", true},  {"2025-11-03", false},
           {"2026-01-08", false}, {"2026-01-09", false},
           {"2026-01-12", true},  {"2026-03-09", false},
           {"2026-05-09", false}, {"2026-05-11", false},
           {"2026-11-22", false},  // an ordinary Sunday
           {"2026-12-31", false}, {"2027-06-14", false},
           {"2033-05-09", false},  // years without data: holidays and weekends
           {"2033-05-10", true},
       }) {
    absl::CivilDay day;
    ASSERT_TRUE(absl::ParseCivilTime(c.day, &day)) << c.day;
    EXPECT_EQ(calendar.IsWorkingDay(day), c.working) << c.day;
  }
}

// The numbers of working days that the official production calendars give.
TEST(WorkingCalendarTest, HasTheOfficialNumberOfWorkingDays) {
  WorkingCalendar calendar = WorkingCalendar::Russia(Moscow());
  struct Case {
    int year;
    int days;
  };
  for (const Case& c : std::initializer_list<Case>{{2024, 248}, {2025, 247}, {2026, 247}}) {
    int days = 0;
    for (absl::CivilDay day(c.year, 1, 1); day.year() == c.year; ++day) {
      days += calendar.IsWorkingDay(day);
    }
    EXPECT_EQ(days, c.days) << c.year;
  }
}

TEST(WorkingCalendarTest, AddsWorkingHours) {
  WorkingCalendar calendar = WorkingCalendar::Russia(Moscow());
  struct Case {
    absl::string_view from;
    int hours;
    absl::string_view to;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"2026-11-18 10:30", 0, "2026-11-18 10:30"},
           {"2026-11-18 10:30", 2, "2026-11-18 12:30"},
           {"2026-11-18 09:00", 8, "2026-11-18 17:00"},
           {"2026-11-18 10:30", 8, "2026-11-19 10:30"},
           {"2026-11-18 03:00", 8, "2026-11-18 17:00"},   // before work
           {"2026-11-18 17:00", 1, "2026-11-19 10:00"},   // after work
           {"2026-11-20 16:00", 2, "2026-11-23 10:00"},   // over a weekend
           {"2026-11-21 12:00", 8, "2026-11-23 17:00"},   // from a Saturday
           {"2025-12-30 16:00", 2, "2026-01-12 10:00"},   // over New Year's holidays
           {"2025-10-31 16:00", 2, "2025-11-01 10:00"},   // a worked Saturday
           {"2024-02-28 16:00", 2, "2024-02-29 10:00"},   // leap day
           {"2026-11-18 10:30", 72, "2026-12-01 10:30"},  // nine working days
       }) {
    EXPECT_EQ(Show(calendar.AddWorkingHours(At(c.from), c.hours)), c.to) << c.from << c.hours;
  }
}

TEST(WorkingCalendarTest, AddsWorkingAndCalendarDays) {
  WorkingCalendar calendar = WorkingCalendar::Russia(Moscow());
  EXPECT_EQ(Show(calendar.AddWorkingDays(At("2026-11-18 10:30"), 0)), "2026-11-18 17:00");
  EXPECT_EQ(Show(calendar.AddWorkingDays(At("2026-11-20 23:59"), 1)), "2026-11-23 17:00");
  EXPECT_EQ(Show(calendar.AddWorkingDays(At("2026-11-21 10:00"), 0)), "2026-11-23 17:00");
  EXPECT_EQ(Show(calendar.AddWorkingDays(At("2025-12-29 12:00"), 2)), "2026-01-12 17:00");
  EXPECT_EQ(Show(calendar.AddCalendarDays(At("2024-02-28 10:30"), 1)), "2024-02-29 10:30");
  EXPECT_EQ(Show(calendar.AddCalendarDays(At("2023-02-28 10:30"), 1)), "2023-03-01 10:30");
  EXPECT_EQ(Show(calendar.AddCalendarDays(At("2026-01-01 00:00"), -1)), "2025-12-31 00:00");
}

TEST(WorkingCalendarTest, MeasuresWhatItAdds) {
  WorkingCalendar calendar = WorkingCalendar::Russia(Moscow());
  EXPECT_EQ(calendar.WorkingTimeBetween(At("2026-11-20 16:00"), At("2026-11-23 10:00")),
            absl::Hours(2));
  EXPECT_EQ(calendar.WorkingTimeBetween(At("2026-01-01 00:00"), At("2026-01-11 23:00")),
            absl::ZeroDuration());
  EXPECT_EQ(calendar.WorkingTimeBetween(At("2026-11-23 10:00"), At("2026-11-20 16:00")),
            absl::ZeroDuration());
  absl::Time from = At("2025-12-29 13:17");
  for (int hours = 1; hours < 200; hours += 7) {
    EXPECT_EQ(calendar.WorkingTimeBetween(from, calendar.AddWorkingHours(from, hours)),
              absl::Hours(hours));
  }
}

TEST(WorkingCalendarTest, KeepsTheClockOfItsZoneOverSummerTime) {
  absl::TimeZone kyiv;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Kyiv", &kyiv) || absl::LoadTimeZone("Europe/Kiev", &kyiv));
  auto calendar = WorkingCalendar::Parse(R"({"weekend": ["saturday", "sunday"]})", kyiv);
  ASSERT_OK(calendar);
  // Clocks went forward on Sunday, 29 March 2026.
  absl::Time due = calendar->AddWorkingHours(At("2026-03-27 16:00", kyiv), 8);
  EXPECT_EQ(Show(due, kyiv), "2026-03-30 16:00");
  EXPECT_EQ(Show(calendar->AddCalendarDays(At("2026-03-28 12:00", kyiv), 1), kyiv),
            "2026-03-29 12:00");
}

TEST(WorkingCalendarTest, NamesWhatIsWrongWithAFile) {
  struct Case {
    absl::string_view json;
    absl::string_view complaint;
  };
  for (
      const Case& c : std::initializer_list<Case>{
          {"", "is not JSON"},
          {"[]", "is not a JSON object"},
          {R"({"holiday": []})", "holiday is not a known field"},
          {R"({"weekend": "sunday"})", "weekend is not a list"},
          {R"({"weekend": ["Sunday"]})", "weekend[0] is not a day of the week"},
          {R"({"weekend": ["monday","tuesday","wednesday","thursday","friday","saturday","sunday"]})",
           "leaves no working day"},
          {R"({"holidays": ["13-01"]})", "holidays[0] is not a day of the year"},
          {R"({"holidays": ["01-01", "01-01"]})", "holidays[1] is there twice"},
          {R"({"years": []})", "years is not an object"},
          {R"({"years": {"26": {}}})", "years.26 is not a year"},
          {R"({"years": {"2026": {"daysoff": []}}})", "years.2026.daysoff is not a known field"},
          {R"({"years": {"2026": {"daysOff": [1]}}})", "years.2026.daysOff[0] is not a text"},
          {R"({"years": {"2026": {"daysOff": ["2026-02-30"]}}})", "is not a date"},
          {R"({"years": {"2026": {"daysOff": ["2025-02-03"]}}})", "belongs to another year"},
          {R"({"weekend": ["sunday"], "years": {"2026": {"daysOff": ["2026-11-22"]}}})",
           "is off already"},
          {R"({"weekend": ["sunday"], "years": {"2026": {"workingDays": ["2026-11-23"]}}})",
           "is worked already"},
      }) {
    auto calendar = WorkingCalendar::Parse(c.json, absl::UTCTimeZone());
    EXPECT_THAT(calendar, HasReason("CALENDAR_INVALID")) << c.json;
    EXPECT_THAT(std::string(calendar.status().message()), HasSubstr(std::string(c.complaint)));
  }
}

TEST(CityCalendarTest, TakesAnEmbeddedCalendarByItsName) {
  config::v1::City city;
  city.set_time_zone("Europe/Kyiv");
  city.set_calendar_file("ua");
  const auto calendar = LoadCalendar(city);
  ASSERT_OK(calendar);
  EXPECT_FALSE(calendar->IsWorkingDay(absl::CivilDay(2026, 8, 24)));
  EXPECT_FALSE(calendar->IsWorkingDay(absl::CivilDay(2026, 4, 13)));  // after Easter
  EXPECT_TRUE(calendar->IsWorkingDay(absl::CivilDay(2026, 11, 4)));   // a holiday of Russia
  city.set_calendar_file("atlantis");
  EXPECT_THAT(LoadCalendar(city), HasReason("CALENDAR_INVALID"));
}

}  // namespace
}  // namespace veche
