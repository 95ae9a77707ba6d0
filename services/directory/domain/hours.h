#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/calendar/working_calendar.h"

// When an organization is open. All functions are pure.

namespace veche::directory {

inline constexpr int kMinutesOfDay = 24 * 60;

// A part of a day, in minutes after its midnight by the clock on the wall. `close` is after `open`
// by at most a day, so above kMinutesOfDay it is on the next day: {22 * 60, 26 * 60}.
struct Span {
  int open = 0;
  int close = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

// The same part of each of some days of the week.
struct Period {
  uint8_t days = 0;  // bit absl::Weekday: 1 is Monday, 64 is Sunday
  Span span = {};
  friend bool operator==(const Period&, const Period&) = default;
};

// The dates first..last, with hours of their own; no spans: closed.
struct HoursException {
  absl::CivilDay first = {};
  absl::CivilDay last = {};
  std::vector<Span> spans = {};
  std::string comment = {};
  friend bool operator==(const HoursException&, const HoursException&) = default;
};

enum class Holidays { kAsUsual, kClosed, kSpecial };

// Which spans begin on a date: those of an exception; otherwise, on a holiday, those that
// `holidays` says; otherwise those of the week. A span that began the day before goes on past
// midnight.
struct Hours {
  bool always_open = false;  // the whole week around the clock
  std::vector<Period> periods = {};
  std::vector<HoursException> exceptions = {};
  Holidays holidays = Holidays::kAsUsual;
  std::vector<Span> holiday_spans = {};  // for kSpecial
  std::string note = {};
  friend bool operator==(const Hours&, const Hours&) = default;
};

// "09:00" and "18:00", "24:00" or, on the next day, "02:00". Nothing for any other text.
std::optional<Span> ParseSpan(absl::string_view open, absl::string_view close);
// "09:00"; a time of the next day is written without the day, and midnight at the end as "24:00".
std::string FormatOpen(const Span& span);
std::string FormatClose(const Span& span);

// Adds a violation for each field that is not right; `field` is the path of the hours. Periods of
// the week, the spans of one date and exceptions must not overlap.
void CheckHours(const Hours& hours, absl::string_view field, Violations& violations);

// Whether an organization is open at an instant, and what comes next.
struct OpenState {
  bool open = false;
  std::optional<absl::Time> close_time = {};  // when open; nothing when not within a week
  std::optional<absl::Time> open_time = {};   // when closed; nothing when not within a year
};

// Answers for one instant and many organizations: what depends on the instant and the calendar is
// computed once. Not thread-safe. The calendar must outlive the object.
class OpenClock {
 public:
  OpenClock(const WorkingCalendar& calendar, absl::Time now);

  bool IsOpen(const Hours& hours);
  OpenState StateOf(const Hours& hours);

 private:
  struct Day {
    absl::CivilDay date;
    absl::Time start;
    int weekday = 0;    // absl::Weekday
    bool even = false;  // 24 hours long
    bool holiday = false;
  };
  struct Interval {
    absl::Time open;
    absl::Time close;
  };

  // The day `offset` days after today.
  const Day& DayAt(int offset);
  absl::Time At(const Day& day, int minute) const;
  std::vector<Interval> IntervalsOf(const Hours& hours, int offset);
  bool IsOpenBySpansOf(const Hours& hours, int offset);

  const WorkingCalendar& calendar_;
  const absl::Time now_;
  const absl::CivilDay today_;
  std::vector<Day> days_;  // from yesterday
};

}  // namespace veche::directory
