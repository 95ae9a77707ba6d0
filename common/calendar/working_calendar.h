#pragma once

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace veche {

// The city's working days, holidays moved by decree included, in its time zone. A working day is
// eight working hours, 9:00 to 17:00 without a break: nobody's timetable, but a response time of 24
// hours is then three working days, which is what the people who write such times mean.
//
// Immutable and thread-safe; cheap enough to copy at start, not per call.
class WorkingCalendar {
 public:
  // Reads a calendar file (calendars/README.md has the format):
  //   {"weekend": ["saturday", "sunday"], "holidays": ["01-01", …],
  //    "years": {"2024": {"daysOff": ["2024-04-29", …], "workingDays": ["2024-04-27", …]}}}
  // Holidays are days off in every year. A year that is not listed has no moved days.
  // InvalidArgument with reason CALENDAR_INVALID that names what is wrong and where.
  static absl::StatusOr<WorkingCalendar> Parse(absl::string_view json, absl::TimeZone zone);

  // The embedded calendar of Russia.
  static WorkingCalendar Russia(absl::TimeZone zone);

  bool IsWorkingDay(absl::CivilDay day) const;
  // Whether the day is off though its day of the week is not: a holiday, or a day that a decree
  // made one. A holiday on a weekend counts.
  bool IsHoliday(absl::CivilDay day) const;

  // The instant at which `working_time` has passed since `from`, counting working hours alone.
  // Nothing passes outside them: from a Saturday, eight hours end on Monday at 17:00.
  // REQUIRES: working_time >= 0.
  absl::Time AddWorkingTime(absl::Time from, absl::Duration working_time) const;
  absl::Time AddWorkingHours(absl::Time from, int hours) const {
    return AddWorkingTime(from, absl::Hours(hours));
  }
  // The end of the `days`-th working day after the day of `from`; its own end for 0, or the end of
  // the next working day when its day is off. REQUIRES: days >= 0.
  absl::Time AddWorkingDays(absl::Time from, int days) const;
  // The same time of day `days` calendar days later (earlier when negative).
  absl::Time AddCalendarDays(absl::Time from, int days) const;

  // The working time in [from, to); zero when to <= from.
  absl::Duration WorkingTimeBetween(absl::Time from, absl::Time to) const;

  // `day` itself when it is a working day, else the nearest one before or after it.
  absl::CivilDay WorkingDayNotAfter(absl::CivilDay day) const;
  absl::CivilDay WorkingDayNotBefore(absl::CivilDay day) const;

  absl::CivilDay DayOf(absl::Time time) const;
  absl::Time StartOfWork(absl::CivilDay day) const;  // 9:00
  absl::Time EndOfWork(absl::CivilDay day) const;    // 17:00
  absl::TimeZone zone() const { return zone_; }

 private:
  class Reader;
  explicit WorkingCalendar(absl::TimeZone zone) : zone_(zone) {}

  absl::TimeZone zone_;
  bool weekend_[7] = {};                             // by absl::Weekday
  absl::flat_hash_set<int> holidays_;                // month * 100 + day, of every year
  absl::flat_hash_set<absl::CivilDay> days_off_;     // moved by decree
  absl::flat_hash_set<absl::CivilDay> worked_days_;  // weekends that are worked
};

}  // namespace veche
