#include "services/directory/domain/hours.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "common/testing/status_matchers.h"

namespace veche::directory {
namespace {

using ::testing::HasSubstr;

constexpr uint8_t kMonday = 1, kTuesday = 2, kFriday = 16, kSunday = 64;
constexpr uint8_t kWorkdays = 31, kEveryDay = 127;

absl::TimeZone Zone(const char* name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone));
  return zone;
}

// No holiday but those named; Saturday and Sunday are off.
WorkingCalendar Calendar(absl::TimeZone zone) {
  auto calendar =
      WorkingCalendar::Parse(R"({"weekend": ["saturday", "sunday"], "holidays": ["05-09"]})", zone);
  EXPECT_OK(calendar);
  return *std::move(calendar);
}

Span MakeSpan(absl::string_view open, absl::string_view close) {
  const std::optional<Span> span = ParseSpan(open, close);
  EXPECT_TRUE(span.has_value()) << open << " " << close;
  return span.value_or(Span());
}

Period MakePeriod(uint8_t days, absl::string_view open, absl::string_view close) {
  return {.days = days, .span = MakeSpan(open, close)};
}

// "open until 05-04 18:00", "closed until 05-05 09:00", "open", "closed".
std::string Show(const Hours& hours, absl::string_view now, const char* zone_name) {
  const absl::TimeZone zone = Zone(zone_name);
  const WorkingCalendar calendar = Calendar(zone);
  absl::Time time;
  std::string error;
  // With an offset where the clock on the wall shows a time twice.
  const bool utc = absl::EndsWith(now, "Z");
  EXPECT_TRUE(absl::ParseTime(utc ? "%Y-%m-%d %H:%MZ" : "%Y-%m-%d %H:%M", now,
                              utc ? absl::UTCTimeZone() : zone, &time, &error))
      << error;
  OpenClock clock(calendar, time);
  const OpenState state = clock.StateOf(hours);
  EXPECT_EQ(clock.IsOpen(hours), state.open);
  const std::optional<absl::Time>& next = state.open ? state.close_time : state.open_time;
  const std::string word = state.open ? "open" : "closed";
  return next ? word + " until " + absl::FormatTime("%m-%d %H:%M", *next, zone) : word;
}

TEST(HoursTest, SaysWhetherItIsOpenAndUntilWhen) {
  const Hours office{.periods = {MakePeriod(kWorkdays, "09:00", "13:00"),
                                 MakePeriod(kWorkdays, "14:00", "18:00")}};
  const Hours bar{.periods = {MakePeriod(kFriday, "18:00", "02:00")}};
  const Hours late_sunday{.periods = {MakePeriod(kSunday, "20:00", "03:00")}};
  const Hours station{.always_open = true};
  const Hours nights{.periods = {MakePeriod(kEveryDay, "00:00", "24:00")}};
  const Hours joined{
      .periods = {MakePeriod(kMonday, "09:00", "24:00"), MakePeriod(kTuesday, "00:00", "06:00")}};
  const Hours seasonal{.exceptions = {{.first = absl::CivilDay(2026, 12, 30),
                                       .last = absl::CivilDay(2026, 12, 30),
                                       .spans = {MakeSpan("10:00", "11:00")}}}};
  struct Case {
    const Hours& hours;
    const char* now;
    const char* state;
  };
  const Case cases[] = {
      // 2026-05-04 is a Monday.
      {office, "2026-05-04 08:59", "closed until 05-04 09:00"},
      {office, "2026-05-04 09:00", "open until 05-04 13:00"},
      {office, "2026-05-04 13:00", "closed until 05-04 14:00"},
      {office, "2026-05-04 17:59", "open until 05-04 18:00"},
      {office, "2026-05-08 18:00", "closed until 05-11 09:00"},
      {bar, "2026-05-08 17:00", "closed until 05-08 18:00"},
      {bar, "2026-05-08 23:00", "open until 05-09 02:00"},
      {bar, "2026-05-09 01:59", "open until 05-09 02:00"},
      {bar, "2026-05-09 02:00", "closed until 05-15 18:00"},
      {late_sunday, "2026-05-11 02:00", "open until 05-11 03:00"},
      {station, "2026-05-04 03:00", "open"},
      {nights, "2026-05-04 03:00", "open"},
      {joined, "2026-05-04 12:00", "open until 05-05 06:00"},
      {joined, "2026-05-05 05:00", "open until 05-05 06:00"},
      {seasonal, "2026-05-04 12:00", "closed until 12-30 10:00"},
      {Hours(), "2026-05-04 12:00", "closed"},
  };
  for (const Case& c : cases) EXPECT_EQ(Show(c.hours, c.now, "Europe/Moscow"), c.state) << c.now;
}

TEST(HoursTest, ExceptionsAndHolidaysReplaceTheWeek) {
  const Period work = MakePeriod(kEveryDay, "09:00", "18:00");
  const Hours as_usual{.periods = {work}};
  const Hours closed{.periods = {work}, .holidays = Holidays::kClosed};
  const Hours special{.periods = {work},
                      .holidays = Holidays::kSpecial,
                      .holiday_spans = {MakeSpan("12:00", "14:00")}};
  const Hours exception{.periods = {work},
                        .exceptions = {{.first = absl::CivilDay(2026, 5, 8),
                                        .last = absl::CivilDay(2026, 5, 10),
                                        .spans = {MakeSpan("20:00", "21:00")}}},
                        .holidays = Holidays::kClosed};
  const Hours station{.always_open = true, .holidays = Holidays::kClosed};
  struct Case {
    const Hours& hours;
    const char* now;
    const char* state;
  };
  const Case cases[] = {
      {as_usual, "2026-05-09 10:00", "open until 05-09 18:00"},
      {closed, "2026-05-09 10:00", "closed until 05-10 09:00"},
      {special, "2026-05-09 10:00", "closed until 05-09 12:00"},
      {special, "2026-05-09 12:30", "open until 05-09 14:00"},
      {exception, "2026-05-09 20:30", "open until 05-09 21:00"},
      {exception, "2026-05-10 21:00", "closed until 05-11 09:00"},
      {station, "2026-05-08 12:00", "open until 05-09 00:00"},
      {station, "2026-05-09 12:00", "closed until 05-10 00:00"},
  };
  for (const Case& c : cases) EXPECT_EQ(Show(c.hours, c.now, "Europe/Moscow"), c.state) << c.now;
}

// In Kyiv the clocks went from 03:00 to 04:00 on 2026-03-29 and go from 04:00 to 03:00 on
// 2026-10-25.
TEST(HoursTest, FollowsTheClockOnTheWallThroughItsChanges) {
  const Hours night{.periods = {MakePeriod(kEveryDay, "22:00", "06:00")}};
  const Hours day{.periods = {MakePeriod(kEveryDay, "10:00", "18:00")}};
  const Hours early{.periods = {MakePeriod(kEveryDay, "01:00", "03:30")}};
  struct Case {
    const Hours& hours;
    const char* now;
    const char* state;
  };
  const Case cases[] = {
      {night, "2026-03-28 23:00", "open until 03-29 06:00"},
      {night, "2026-03-29 05:59", "open until 03-29 06:00"},
      {night, "2026-10-25 02:00", "open until 10-25 06:00"},
      {day, "2026-03-29 10:00", "open until 03-29 18:00"},
      {day, "2026-10-25 17:59", "open until 10-25 18:00"},
      {day, "2026-10-25 09:59", "closed until 10-25 10:00"},
      // 03:30 comes twice: the first one closes.
      {early, "2026-10-25 00:15Z", "open until 10-25 03:30"},
      {early, "2026-10-25 00:45Z", "closed until 10-26 01:00"},
  };
  for (const Case& c : cases) EXPECT_EQ(Show(c.hours, c.now, "Europe/Kiev"), c.state) << c.now;
}

TEST(HoursTest, ReadsAndWritesTimes) {
  EXPECT_EQ(MakeSpan("09:00", "18:30"), (Span{540, 1110}));
  EXPECT_EQ(MakeSpan("22:00", "02:00"), (Span{1320, 1560}));
  EXPECT_EQ(MakeSpan("00:00", "24:00"), (Span{0, 1440}));
  EXPECT_EQ(MakeSpan("09:00", "09:00"), (Span{540, 1980}));  // a whole day
  for (const auto& [open, close] :
       {std::pair("9:00", "18:00"), std::pair("09:00", ""), std::pair("09:60", "18:00"),
        std::pair("24:00", "18:00"), std::pair("09:00", "24:01"), std::pair("0a:00", "18:00")}) {
    EXPECT_FALSE(ParseSpan(open, close).has_value()) << open << " " << close;
  }
  for (const auto& [open, close] :
       {std::pair("09:00", "18:30"), std::pair("22:00", "02:00"), std::pair("00:00", "24:00")}) {
    const Span span = MakeSpan(open, close);
    EXPECT_EQ(FormatOpen(span), open);
    EXPECT_EQ(FormatClose(span), close);
  }
}

TEST(HoursTest, NamesWhatIsNotRight) {
  const Period morning = MakePeriod(kWorkdays, "09:00", "13:00");
  const HoursException may{.first = absl::CivilDay(2026, 5, 1), .last = absl::CivilDay(2026, 5, 3)};
  struct Case {
    Hours hours;
    const char* violation;
  };
  const Case cases[] = {
      {{.periods = {morning, MakePeriod(kMonday, "12:59", "18:00")}},
       "hours.periods[1] HOURS_OVERLAP"},
      {{.periods = {MakePeriod(kMonday, "20:00", "02:00"), MakePeriod(kTuesday, "01:00", "05:00")}},
       "hours.periods[1] HOURS_OVERLAP"},
      {{.periods = {MakePeriod(kSunday, "20:00", "02:00"), MakePeriod(kMonday, "01:00", "05:00")}},
       "hours.periods[1] HOURS_OVERLAP"},
      {{.periods = {MakePeriod(0, "09:00", "10:00")}}, "hours.periods[0].days REQUIRED"},
      {{.always_open = true, .periods = {morning}}, "hours.periods HOURS_ALWAYS_OPEN"},
      {{.exceptions = {may, may}}, "hours.exceptions[1] HOURS_OVERLAP"},
      {{.exceptions = {{.first = may.last, .last = may.first}}},
       "hours.exceptions[0].endDate HOURS_END_DATE"},
      {{.exceptions = {{.first = may.first,
                        .last = may.last,
                        .spans = {MakeSpan("09:00", "12:00"), MakeSpan("11:00", "13:00")}}}},
       "hours.exceptions[0].spans[1] HOURS_OVERLAP"},
      {{.holidays = Holidays::kSpecial}, "hours.holidaySpans HOURS_HOLIDAY_SPANS"},
      {{.holidays = Holidays::kClosed, .holiday_spans = {MakeSpan("09:00", "12:00")}},
       "hours.holidaySpans HOURS_HOLIDAY_SPANS"},
      {{.note = "two\nlines"}, "hours.note CONTROL_CHARACTER"},
      {{.note = std::string(401, 'x')}, "hours.note TOO_MANY_BYTES"},
      {{.periods = std::vector<Period>(51, morning)}, "hours.periods TOO_MANY"},
  };
  for (const Case& c : cases) {
    Violations violations;
    CheckHours(c.hours, "hours", violations);
    EXPECT_THAT(std::string(violations.ToStatus().message()), HasSubstr(c.violation));
  }
}

TEST(HoursTest, AcceptsHoursThatTouch) {
  Violations violations;
  CheckHours(
      {.periods = {MakePeriod(kWorkdays, "09:00", "13:00"), MakePeriod(kWorkdays, "13:00", "18:00"),
                   MakePeriod(kSunday, "00:00", "24:00"), MakePeriod(64 >> 1, "20:00", "24:00")},
       .exceptions = {{.first = absl::CivilDay(2026, 5, 1), .last = absl::CivilDay(2026, 5, 1)},
                      {.first = absl::CivilDay(2026, 5, 2), .last = absl::CivilDay(2026, 5, 3)}}},
      "hours", violations);
  EXPECT_OK(violations.ToStatus());
}

}  // namespace
}  // namespace veche::directory
