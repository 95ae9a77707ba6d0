#include "services/appeals/domain/deadlines.h"

#include <algorithm>

namespace veche::appeals {
namespace {

// Sources:
// - ru-59fz: Federal law of 2 May 2006 No. 59-FZ, article 8 (registration within three days,
//   forwarding within seven days of it) and article 12 (answer within 30 days of registration, in
//   exceptional cases 30 more); calendar days. It does not say what happens when the last day is a
//   day off; authorities' own orders answer on the working day before, which is in time under every
//   reading.
// - ua-393: Law of Ukraine of 2 October 1996 No. 393/96-ВР, article 7 (forwarding within five days)
//   and article 20 (a month; 15 days where nothing needs to be studied; 45 days in all after an
//   extension). By the Cabinet's rules for handling such appeals (No. 348 of 14 April 1997) a term
//   that ends on a day off ends on the first working day after it.
// Neither law knows a pause: that the clock stands while the author is asked is the city's rule,
// and a city that reads the law strictly turns `pauses` off.
constexpr LegalProfile kProfiles[] = {
    {.id = "ru-59fz",
     .registration = {.days = 3},
     .forwarding = {.days = 7},
     .answer = {.days = 30},
     .simple_answer = {.days = 30},
     .extended_answer = {.days = 60},
     .day_off = DayOffRule::kWorkingDayBefore,
     .pauses = true},
    {.id = "ua-393",
     .registration = {},
     .forwarding = {.days = 5},
     .answer = {.months = 1},
     .simple_answer = {.days = 15},
     .extended_answer = {.days = 45},
     .day_off = DayOffRule::kWorkingDayAfter,
     .pauses = true},
    {.id = "none"},
};

constexpr int kWarnPart = 5;  // warn when one part in five is left

// The last day of a term of months ends in a month that has no such day on that month's last.
absl::CivilDay AddTerm(absl::CivilDay day, const Term& term) {
  absl::CivilMonth month = absl::CivilMonth(day) + term.months;
  absl::CivilDay last_of_month = absl::CivilDay(month + 1) - 1;
  absl::CivilDay same_day = absl::CivilDay(month) + (day.day() - 1);
  return std::min(same_day, last_of_month) + term.days;
}

absl::Time EndOfTerm(absl::Time from, const Term& term, int more_days, DayOffRule rule,
                     const WorkingCalendar& calendar) {
  absl::CivilDay first = calendar.DayOf(from);
  absl::CivilDay last = AddTerm(first, term) + more_days;
  if (rule == DayOffRule::kWorkingDayAfter) {
    return calendar.EndOfWork(calendar.WorkingDayNotBefore(last));
  }
  absl::CivilDay before = calendar.WorkingDayNotAfter(last);
  // A short term inside a long holiday (New Year's) must not end before it began.
  return calendar.EndOfWork(before > first ? before : calendar.WorkingDayNotBefore(last));
}

std::optional<absl::Time> LimitOfTerm(absl::Time from, const Term& term,
                                      const LegalProfile& profile,
                                      const WorkingCalendar& calendar) {
  if (term.none()) return std::nullopt;
  return EndOfTerm(from, term, 0, profile.day_off, calendar);
}

}  // namespace

absl::Span<const LegalProfile> LegalProfiles() { return kProfiles; }

const LegalProfile* FindLegalProfile(absl::string_view id) {
  if (id.empty()) id = "none";
  for (const LegalProfile& profile : kProfiles) {
    if (profile.id == id) return &profile;
  }
  return nullptr;
}

std::optional<absl::Time> ComputeDue(const DeadlineClock& clock, const LegalProfile& profile,
                                     const WorkingCalendar& calendar) {
  if (clock.paused_at) return std::nullopt;
  std::optional<absl::Time> due;
  if (clock.response_hours > 0) {
    due = calendar.AddWorkingTime(clock.registered,
                                  absl::Hours(clock.response_hours) + clock.paused_working_time);
  }
  if (clock.formal && !profile.answer.none()) {
    int paused_days = profile.pauses ? clock.paused_days : 0;
    absl::Time limit =
        EndOfTerm(clock.registered, profile.answer, paused_days, profile.day_off, calendar);
    due = due ? std::min(*due, limit) : limit;
  }
  return due;
}

void Pause(DeadlineClock& clock, absl::Time now) {
  if (!clock.paused_at) clock.paused_at = now;
}

void Resume(DeadlineClock& clock, absl::Time now, const WorkingCalendar& calendar) {
  if (!clock.paused_at) return;
  absl::Time since = *clock.paused_at;
  clock.paused_at.reset();
  if (now <= since) return;
  clock.paused_working_time += calendar.WorkingTimeBetween(since, now);
  clock.paused_days += static_cast<int>(calendar.DayOf(now) - calendar.DayOf(since));
}

std::optional<absl::Time> ComputeWarnTime(const DeadlineClock& clock, const LegalProfile& profile,
                                          const WorkingCalendar& calendar) {
  std::optional<absl::Time> due = ComputeDue(clock, profile, calendar);
  if (!due) return std::nullopt;
  absl::Duration whole = calendar.WorkingTimeBetween(clock.registered, *due);
  absl::Duration running = std::max(whole - clock.paused_working_time, absl::ZeroDuration());
  return calendar.AddWorkingTime(clock.registered, whole - running / kWarnPart);
}

Alarm CheckAlarm(std::optional<absl::Time> warn, std::optional<absl::Time> due, absl::Time now) {
  if (due && now > *due) return Alarm::kOverdue;
  if (due && warn && now >= *warn) return Alarm::kDueSoon;
  return Alarm::kNone;
}

std::optional<absl::Time> RegisterBy(absl::Time submitted, const LegalProfile& profile,
                                     const WorkingCalendar& calendar) {
  return LimitOfTerm(submitted, profile.registration, profile, calendar);
}

std::optional<absl::Time> ForwardBy(absl::Time registered, const LegalProfile& profile,
                                    const WorkingCalendar& calendar) {
  return LimitOfTerm(registered, profile.forwarding, profile, calendar);
}

}  // namespace veche::appeals
