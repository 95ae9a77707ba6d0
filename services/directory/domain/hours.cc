#include "services/directory/domain/hours.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace veche::directory {
namespace {

constexpr int kMinutesOfWeek = 7 * kMinutesOfDay;
constexpr int kYesterday = -1;
constexpr int kDaysOfWeek = 7;    // how far ahead a closing is looked for
constexpr int kDaysOfYear = 366;  // how far ahead an opening is looked for
constexpr size_t kMostPeriods = 50;
constexpr size_t kMostExceptions = 100;
constexpr size_t kMostSpans = 10;
constexpr size_t kMostNoteBytes = 400;

// Minutes after midnight of "09:05" or "24:00"; nothing for any other text.
std::optional<int> ParseMinute(absl::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const size_t i : {0, 1, 3, 4}) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + text[1] - '0';
  const int minute = (text[3] - '0') * 10 + text[4] - '0';
  if (minute > 59 || hour * 60 + minute > kMinutesOfDay) return std::nullopt;
  return hour * 60 + minute;
}

std::string FormatMinute(int minute) {
  return absl::StrFormat("%02d:%02d", minute / 60, minute % 60);
}

// A span with the path of its field.
struct Place {
  Span span;  // in minutes of the day or of the week
  std::string field;
};

// Adds a violation for each place that begins before another one of the same day or week ends.
void CheckOverlap(std::vector<Place> places, Violations& violations) {
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return a.span.open < b.span.open; });
  for (size_t i = 1; i < places.size(); ++i) {
    if (places[i].span.open < places[i - 1].span.close) {
      violations.Add(places[i].field, {"HOURS_OVERLAP", {{"other", places[i - 1].field}}});
    }
  }
}

void CheckWeek(const Hours& hours, absl::string_view field, Violations& violations) {
  if (hours.always_open && !hours.periods.empty()) {
    violations.Add(absl::StrCat(field, ".periods"), "HOURS_ALWAYS_OPEN");
  }
  if (hours.periods.size() > kMostPeriods) {
    violations.Add(absl::StrCat(field, ".periods"),
                   {"TOO_MANY", {{"most", absl::StrCat(kMostPeriods)}}});
    return;
  }
  std::vector<Place> places;
  for (size_t i = 0; i < hours.periods.size(); ++i) {
    const Period& period = hours.periods[i];
    const std::string path = absl::StrCat(field, ".periods[", i, "]");
    if (period.days == 0) violations.Add(absl::StrCat(path, ".days"), "REQUIRED");
    for (int day = 0; day < 7; ++day) {
      if ((period.days >> day & 1) == 0) continue;
      const int start = day * kMinutesOfDay;
      places.push_back({{start + period.span.open, start + period.span.close}, path});
      // What goes on after Sunday meets the beginning of the week.
      if (start + period.span.close > kMinutesOfWeek) {
        places.push_back({{start + period.span.open - kMinutesOfWeek,
                           start + period.span.close - kMinutesOfWeek},
                          path});
      }
    }
  }
  CheckOverlap(std::move(places), violations);
}

void CheckSpans(const std::vector<Span>& spans, const std::string& field, Violations& violations) {
  if (spans.size() > kMostSpans) {
    violations.Add(field, {"TOO_MANY", {{"most", absl::StrCat(kMostSpans)}}});
    return;
  }
  std::vector<Place> places;
  for (size_t i = 0; i < spans.size(); ++i) {
    places.push_back({spans[i], absl::StrCat(field, "[", i, "]")});
  }
  CheckOverlap(std::move(places), violations);
}

void CheckNote(absl::string_view text, const std::string& field, Violations& violations) {
  if (text.size() > kMostNoteBytes) {
    violations.Add(field, {"TOO_MANY_BYTES", {{"most", absl::StrCat(kMostNoteBytes)}}});
  } else if (std::any_of(text.begin(), text.end(), absl::ascii_iscntrl)) {
    violations.Add(field, "CONTROL_CHARACTER");
  }
}

void CheckExceptions(const Hours& hours, absl::string_view field, Violations& violations) {
  const std::string list = absl::StrCat(field, ".exceptions");
  if (hours.exceptions.size() > kMostExceptions) {
    violations.Add(list, {"TOO_MANY", {{"most", absl::StrCat(kMostExceptions)}}});
    return;
  }
  for (size_t i = 0; i < hours.exceptions.size(); ++i) {
    const HoursException& exception = hours.exceptions[i];
    const std::string path = absl::StrCat(list, "[", i, "]");
    if (exception.last < exception.first) {
      violations.Add(absl::StrCat(path, ".endDate"), "HOURS_END_DATE");
    }
    CheckSpans(exception.spans, absl::StrCat(path, ".spans"), violations);
    CheckNote(exception.comment, absl::StrCat(path, ".comment"), violations);
    for (size_t j = 0; j < i; ++j) {
      const HoursException& other = hours.exceptions[j];
      if (other.first <= exception.last && exception.first <= other.last) {
        violations.Add(path, {"HOURS_OVERLAP", {{"other", absl::StrCat(list, "[", j, "]")}}});
        break;
      }
    }
  }
}

const HoursException* ExceptionOf(const Hours& hours, absl::CivilDay date) {
  for (const HoursException& exception : hours.exceptions) {
    if (exception.first <= date && date <= exception.last) return &exception;
  }
  return nullptr;
}

// Calls `visit` for each span that begins on the date.
template <typename Visit>
void ForEachSpan(const Hours& hours, absl::CivilDay date, int weekday, bool holiday, Visit visit) {
  if (const HoursException* exception = ExceptionOf(hours, date)) {
    for (const Span& span : exception->spans) visit(span);
  } else if (holiday && hours.holidays != Holidays::kAsUsual) {
    if (hours.holidays == Holidays::kClosed) return;
    for (const Span& span : hours.holiday_spans) visit(span);
  } else if (hours.always_open) {
    visit(Span{0, kMinutesOfDay});
  } else {
    for (const Period& period : hours.periods) {
      if (period.days >> weekday & 1) visit(period.span);
    }
  }
}

}  // namespace

std::optional<Span> ParseSpan(absl::string_view open, absl::string_view close) {
  const std::optional<int> begin = ParseMinute(open);
  const std::optional<int> end = ParseMinute(close);
  if (!begin || !end || *begin == kMinutesOfDay) return std::nullopt;
  return Span{*begin, *end > *begin ? *end : *end + kMinutesOfDay};
}

std::string FormatOpen(const Span& span) { return FormatMinute(span.open); }

std::string FormatClose(const Span& span) {
  return FormatMinute(span.close > kMinutesOfDay ? span.close - kMinutesOfDay : span.close);
}

void CheckHours(const Hours& hours, absl::string_view field, Violations& violations) {
  CheckWeek(hours, field, violations);
  CheckExceptions(hours, field, violations);
  const std::string holidays = absl::StrCat(field, ".holidaySpans");
  if ((hours.holidays == Holidays::kSpecial) == hours.holiday_spans.empty()) {
    violations.Add(holidays, "HOURS_HOLIDAY_SPANS");
  }
  CheckSpans(hours.holiday_spans, holidays, violations);
  CheckNote(hours.note, absl::StrCat(field, ".note"), violations);
}

OpenClock::OpenClock(const WorkingCalendar& calendar, absl::Time now)
    : calendar_(calendar), now_(now), today_(calendar.DayOf(now)) {}

const OpenClock::Day& OpenClock::DayAt(int offset) {
  for (int next = static_cast<int>(days_.size()) + kYesterday; next <= offset; ++next) {
    const absl::CivilDay date = today_ + next;
    const absl::Time start = absl::FromCivil(date, calendar_.zone());
    const absl::Time end = absl::FromCivil(date + 1, calendar_.zone());
    days_.push_back({date, start, static_cast<int>(absl::GetWeekday(date)),
                     end - start == absl::Hours(24), calendar_.IsHoliday(date)});
  }
  return days_[static_cast<size_t>(offset - kYesterday)];
}

absl::Time OpenClock::At(const Day& day, int minute) const {
  // On the day of a change of the clocks, and after that day, minutes do not add up.
  if (day.even && minute <= kMinutesOfDay) return day.start + absl::Minutes(minute);
  return absl::FromCivil(absl::CivilMinute(day.date) + minute, calendar_.zone());
}

bool OpenClock::IsOpenBySpansOf(const Hours& hours, int offset) {
  const Day& day = DayAt(offset);
  bool open = false;
  ForEachSpan(hours, day.date, day.weekday, day.holiday, [&](const Span& span) {
    open = open || (At(day, span.open) <= now_ && now_ < At(day, span.close));
  });
  return open;
}

bool OpenClock::IsOpen(const Hours& hours) {
  return IsOpenBySpansOf(hours, 0) || IsOpenBySpansOf(hours, kYesterday);
}

std::vector<OpenClock::Interval> OpenClock::IntervalsOf(const Hours& hours, int offset) {
  const Day day = DayAt(offset);
  std::vector<Interval> intervals;
  ForEachSpan(hours, day.date, day.weekday, day.holiday, [&](const Span& span) {
    intervals.push_back({At(day, span.open), At(day, span.close)});
  });
  std::sort(intervals.begin(), intervals.end(),
            [](const Interval& a, const Interval& b) { return a.open < b.open; });
  return intervals;
}

OpenState OpenClock::StateOf(const Hours& hours) {
  absl::Time open_until = absl::InfinitePast();
  for (int offset = kYesterday; offset <= kDaysOfYear; ++offset) {
    for (const Interval& interval : IntervalsOf(hours, offset)) {
      const bool open = open_until > now_;
      if (open && interval.open > open_until) return {.open = true, .close_time = open_until};
      if (!open && interval.open > now_) return {.open = false, .open_time = interval.open};
      if (interval.close > now_) open_until = std::max(open_until, interval.close);
    }
    // The spans of the next day might go on without a pause.
    if (open_until > now_ && offset < kDaysOfWeek && open_until < DayAt(offset + 1).start) {
      return {.open = true, .close_time = open_until};
    }
    if (open_until > now_ && offset == kDaysOfWeek) return {.open = true};
  }
  return {};
}

}  // namespace veche::directory
