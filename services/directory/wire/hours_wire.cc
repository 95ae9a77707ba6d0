#include "services/directory/wire/hours_wire.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace veche::directory {
namespace {

void SetSpan(const Span& span, v1::Span& wire) {
  wire.set_open(FormatOpen(span));
  wire.set_close(FormatClose(span));
}

// For Span and Period, which have the same two fields.
template <typename Message>
Span ReadSpan(const Message& wire, const std::string& field, Violations& violations) {
  const std::optional<Span> span = ParseSpan(wire.open(), wire.close());
  if (!span) violations.Add(field, "HOURS_SPAN");
  return span.value_or(Span());
}

template <typename Spans>
std::vector<Span> ReadSpans(const Spans& spans, const std::string& field, Violations& violations) {
  std::vector<Span> result;
  for (const v1::Span& span : spans) {
    result.push_back(ReadSpan(span, absl::StrCat(field, "[", result.size(), "]"), violations));
  }
  return result;
}

Period ReadPeriod(const v1::Period& wire, const std::string& field, Violations& violations) {
  Period period{.span = ReadSpan(wire, field, violations)};
  for (int i = 0; i < wire.days_size(); ++i) {
    const int day = wire.days(i);
    const std::string path = absl::StrCat(field, ".days[", i, "]");
    if (day < v1::MONDAY || day > v1::SUNDAY) {
      violations.Add(path, "UNKNOWN_VALUE");
    } else if (period.days >> (day - 1) & 1) {
      violations.Add(path, "REPEATED");
    } else {
      period.days = static_cast<uint8_t>(period.days | 1 << (day - 1));
    }
  }
  return period;
}

absl::CivilDay ReadDate(const std::string& text, const std::string& field, Violations& violations) {
  absl::CivilDay date;
  // Only the form "2026-12-31": ParseCivilTime also accepts others.
  if (text.size() != 10 || !absl::ParseCivilTime(text, &date) ||
      absl::FormatCivilTime(date) != text) {
    violations.Add(field, "HOURS_DATE");
  }
  return date;
}

HoursException ReadException(const v1::HoursException& wire, const std::string& field,
                             Violations& violations) {
  HoursException exception{.first = ReadDate(wire.date(), field + ".date", violations)};
  exception.last = wire.end_date().empty()
                       ? exception.first
                       : ReadDate(wire.end_date(), field + ".endDate", violations);
  exception.spans = ReadSpans(wire.spans(), field + ".spans", violations);
  exception.comment = wire.comment();
  return exception;
}

}  // namespace

v1::Hours ToWire(const Hours& hours) {
  v1::Hours wire;
  wire.set_always_open(hours.always_open);
  for (const Period& period : hours.periods) {
    v1::Period& out = *wire.add_periods();
    for (int day = 0; day < 7; ++day) {
      if (period.days >> day & 1) out.add_days(static_cast<v1::DayOfWeek>(day + 1));
    }
    out.set_open(FormatOpen(period.span));
    out.set_close(FormatClose(period.span));
  }
  for (const HoursException& exception : hours.exceptions) {
    v1::HoursException& out = *wire.add_exceptions();
    out.set_date(absl::FormatCivilTime(exception.first));
    if (exception.last != exception.first) out.set_end_date(absl::FormatCivilTime(exception.last));
    for (const Span& span : exception.spans) SetSpan(span, *out.add_spans());
    out.set_comment(exception.comment);
  }
  wire.set_holidays(static_cast<v1::Hours::Holidays>(hours.holidays));
  for (const Span& span : hours.holiday_spans) SetSpan(span, *wire.add_holiday_spans());
  wire.set_note(hours.note);
  return wire;
}

static_assert(static_cast<int>(Holidays::kClosed) == v1::Hours::CLOSED &&
              static_cast<int>(Holidays::kSpecial) == v1::Hours::SPECIAL);

Hours FromWire(const v1::Hours& wire, const std::string& field, Violations& violations) {
  Hours hours{.always_open = wire.always_open()};
  for (int i = 0; i < wire.periods_size(); ++i) {
    hours.periods.push_back(
        ReadPeriod(wire.periods(i), absl::StrCat(field, ".periods[", i, "]"), violations));
  }
  for (int i = 0; i < wire.exceptions_size(); ++i) {
    hours.exceptions.push_back(
        ReadException(wire.exceptions(i), absl::StrCat(field, ".exceptions[", i, "]"), violations));
  }
  if (v1::Hours::Holidays_IsValid(wire.holidays())) {
    hours.holidays = static_cast<Holidays>(wire.holidays());
  } else {
    violations.Add(field + ".holidays", "UNKNOWN_VALUE");
  }
  hours.holiday_spans = ReadSpans(wire.holiday_spans(), field + ".holidaySpans", violations);
  hours.note = wire.note();
  return hours;
}

}  // namespace veche::directory
