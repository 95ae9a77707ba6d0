#include "services/directory/exchange/hours_text.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace veche::directory {
namespace {

constexpr int kDaysOfWeek = 7;
constexpr absl::string_view kDays[kDaysOfWeek] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
constexpr absl::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
// What people write, and what the notation has for it.
constexpr std::array<std::pair<absl::string_view, absl::string_view>, 23> kWords = {{
    {"круглосуточно", "24/7"},
    {"ежедневно", "Mo-Su"},
    {"выходной", "off"},
    {"выходные", "off"},
    {"closed", "off"},
    {"–", "-"},
    {"—", "-"},
    {"Пн", "Mo"},
    {"Вт", "Tu"},
    {"Ср", "We"},
    {"Чт", "Th"},
    {"Пт", "Fr"},
    {"Сб", "Sa"},
    {"Вс", "Su"},
    {"пн", "Mo"},
    {"вт", "Tu"},
    {"ср", "We"},
    {"чт", "Th"},
    {"пт", "Fr"},
    {"сб", "Sa"},
    {"вс", "Su"},
    {"Ежедневно", "Mo-Su"},
    {"Круглосуточно", "24/7"},
}};

// Reads a text from its beginning; each function skips blanks first and reads all of what it is for
// or nothing.
class Reader {
 public:
  explicit Reader(absl::string_view text) : rest_(text) {}

  bool AtEnd() { return Blanks().empty(); }
  bool Take(absl::string_view word) { return absl::ConsumePrefix(&Blanks(), word); }
  absl::string_view rest() { return Blanks(); }

  std::optional<int> TakeNumber(size_t digits) {
    const absl::string_view text = Blanks().substr(0, digits);
    int number = 0;
    const bool all_digits =
        text.size() == digits && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
    if (!all_digits || !absl::SimpleAtoi(text, &number)) return std::nullopt;
    rest_.remove_prefix(digits);
    return number;
  }

  // The position in `words` of the one that comes next.
  template <size_t kSize>
  std::optional<int> TakeOneOf(const absl::string_view (&words)[kSize]) {
    for (size_t i = 0; i < kSize; ++i) {
      if (Take(words[i])) return static_cast<int>(i);
    }
    return std::nullopt;
  }

  std::optional<Span> TakeSpan() {
    const Reader before = *this;
    const std::string open = TakeTime();
    if (!open.empty() && Take("-")) {
      if (auto span = ParseSpan(open, TakeTime())) return span;
    }
    *this = before;
    return std::nullopt;
  }

 private:
  absl::string_view& Blanks() { return rest_ = absl::StripLeadingAsciiWhitespace(rest_); }

  // "8:00" and "08:00" as "08:00"; "" for anything else.
  std::string TakeTime() {
    const size_t colon = Blanks().find(':');
    if (colon != 1 && colon != 2) return "";
    const auto hour = TakeNumber(colon);
    if (!hour || !Take(":")) return "";
    const auto minute = TakeNumber(2);
    return minute ? absl::StrFormat("%02d:%02d", *hour, *minute) : "";
  }

  absl::string_view rest_;
};

struct Dates {
  absl::CivilDay first;
  absl::CivilDay last;
};

std::optional<absl::CivilDay> DayOf(int year, int month, int day) {
  const absl::CivilDay date(year, month, day);
  if (date.month() != month || date.day() != day) return std::nullopt;  // 31 April
  return date;
}

// "2027 Jan 01", "2027 Jan 01-08", "2027 Jan 01-2027 Feb 03".
std::optional<Dates> TakeDates(Reader& reader) {
  const auto take_full = [&reader]() -> std::optional<absl::CivilDay> {
    const auto year = reader.TakeNumber(4);
    const auto month = year ? reader.TakeOneOf(kMonths) : std::nullopt;
    const auto day = month ? reader.TakeNumber(2) : std::nullopt;
    return day ? DayOf(*year, *month + 1, *day) : std::nullopt;
  };
  const Reader before = reader;
  if (const auto first = take_full()) {
    const Reader after_first = reader;
    if (!reader.Take("-")) return Dates{*first, *first};
    if (const auto last = take_full()) return Dates{*first, *last};
    reader = after_first;
    reader.Take("-");
    if (const auto day = reader.TakeNumber(2)) {
      const auto last = DayOf(static_cast<int>(first->year()), first->month(), *day);
      if (last) return Dates{*first, *last};
    }
  }
  reader = before;
  return std::nullopt;
}

// Bits of the days of "Mo-Fr", "Sa,Su" or "Fr-Mo"; 0 when none comes next.
uint8_t TakeDays(Reader& reader) {
  uint8_t days = 0;
  while (true) {
    const Reader before = reader;
    if (days != 0 && !reader.Take(",")) return days;
    const auto first = reader.TakeOneOf(kDays);
    if (!first) {
      reader = before;
      return days;
    }
    const auto last = reader.Take("-") ? reader.TakeOneOf(kDays) : first;
    if (!last) {
      reader = before;
      return 0;
    }
    for (int day = *first;; day = (day + 1) % kDaysOfWeek) {
      days |= static_cast<uint8_t>(1 << day);
      if (day == *last) break;
    }
  }
}

class HoursParser {
 public:
  explicit HoursParser(absl::string_view text) : reader_(text) {}

  std::optional<Hours> Parse() {
    if (reader_.AtEnd()) return std::nullopt;
    while (!reader_.AtEnd()) {
      if (!ReadRule()) return std::nullopt;
      if (!reader_.AtEnd() && !reader_.Take(";") && !reader_.Take(",")) return std::nullopt;
    }
    AddPeriods();
    return std::move(hours_);
  }

 private:
  bool ReadRule() {
    if (reader_.Take("24/7")) return hours_.always_open = true;
    if (reader_.Take("\"")) return ReadNote();
    if (reader_.Take("PH")) return ReadHoliday();
    if (const auto dates = TakeDates(reader_)) {
      hours_.exceptions.push_back({.first = dates->first, .last = dates->last});
      return ReadSpans(hours_.exceptions.back().spans);
    }
    uint8_t days = TakeDays(reader_);
    if (days == 0) days = (1 << kDaysOfWeek) - 1;
    std::vector<Span> spans;
    if (!ReadSpans(spans)) return false;
    for (int day = 0; day < kDaysOfWeek; ++day) {
      if (days & (1 << day)) week_[day] = spans;
    }
    return true;
  }

  bool ReadNote() {
    const size_t end = reader_.rest().find('"');
    if (end == absl::string_view::npos) return false;
    hours_.note = std::string(reader_.rest().substr(0, end));
    return reader_.Take(absl::StrCat(hours_.note, "\""));
  }

  bool ReadHoliday() {
    if (!ReadSpans(hours_.holiday_spans)) return false;
    hours_.holidays = hours_.holiday_spans.empty() ? Holidays::kClosed : Holidays::kSpecial;
    return true;
  }

  // At least one span, or "off" for none.
  bool ReadSpans(std::vector<Span>& spans) {
    if (reader_.Take("off")) return true;
    while (true) {
      const auto span = reader_.TakeSpan();
      if (!span) return false;
      spans.push_back(*span);
      // A comma goes on with another span, or begins another rule.
      Reader next = reader_;
      if (!next.Take(",") || !next.TakeSpan()) return true;
      reader_.Take(",");
    }
  }

  // One period for each span, with all days that have it.
  void AddPeriods() {
    for (int day = 0; day < kDaysOfWeek; ++day) {
      for (const Span& span : week_[day]) {
        const auto same = std::find_if(hours_.periods.begin(), hours_.periods.end(),
                                       [&](const Period& period) { return period.span == span; });
        const auto bit = static_cast<uint8_t>(1 << day);
        if (same == hours_.periods.end()) {
          hours_.periods.push_back({.days = bit, .span = span});
        } else {
          same->days |= bit;
        }
      }
    }
  }

  Reader reader_;
  Hours hours_;
  std::array<std::vector<Span>, kDaysOfWeek> week_;
};

std::string FormatSpans(const std::vector<Span>& spans) {
  if (spans.empty()) return "off";
  return absl::StrJoin(spans, ",", [](std::string* out, const Span& span) {
    absl::StrAppend(out, FormatOpen(span), "-", FormatClose(span));
  });
}

std::string FormatDays(uint8_t days) {
  std::vector<std::string> runs;
  for (int day = 0; day < kDaysOfWeek; ++day) {
    if (!(days & (1 << day))) continue;
    int last = day;
    while (last + 1 < kDaysOfWeek && (days & (1 << (last + 1)))) ++last;
    runs.push_back(last == day ? std::string(kDays[day])
                               : absl::StrCat(kDays[day], "-", kDays[last]));
    day = last;
  }
  return absl::StrJoin(runs, ",");
}

std::string FormatDate(absl::CivilDay date) {
  return absl::StrFormat("%04d %s %02d", date.year(), kMonths[date.month() - 1], date.day());
}

// A rule for each group of days with the same spans.
void AppendWeek(const std::vector<Period>& periods, std::vector<std::string>& rules) {
  std::array<std::vector<Span>, kDaysOfWeek> week;
  for (const Period& period : periods) {
    for (int day = 0; day < kDaysOfWeek; ++day) {
      if (period.days & (1 << day)) week[day].push_back(period.span);
    }
  }
  uint8_t written = 0;
  for (int day = 0; day < kDaysOfWeek; ++day) {
    if (week[day].empty() || (written & (1 << day))) continue;
    uint8_t days = 0;
    for (int other = day; other < kDaysOfWeek; ++other) {
      if (week[other] == week[day]) days |= static_cast<uint8_t>(1 << other);
    }
    written |= days;
    rules.push_back(absl::StrCat(FormatDays(days), " ", FormatSpans(week[day])));
  }
}

}  // namespace

std::optional<Hours> ParseHoursText(absl::string_view text) {
  std::vector<std::string> parts = absl::StrSplit(text, '"');
  for (size_t i = 0; i < parts.size(); i += 2) {  // the others are notes
    parts[i] = absl::StrReplaceAll(parts[i], kWords);
  }
  return HoursParser(absl::StrJoin(parts, "\"")).Parse();
}

std::string FormatHoursText(const Hours& hours) {
  std::vector<std::string> rules;
  if (hours.always_open) rules.emplace_back("24/7");
  AppendWeek(hours.periods, rules);
  if (hours.holidays != Holidays::kAsUsual) {
    rules.push_back(absl::StrCat("PH ", FormatSpans(hours.holiday_spans)));
  }
  for (const HoursException& exception : hours.exceptions) {
    const std::string last =
        exception.last == exception.first ? "" : absl::StrCat("-", FormatDate(exception.last));
    rules.push_back(
        absl::StrCat(FormatDate(exception.first), last, " ", FormatSpans(exception.spans)));
  }
  if (!hours.note.empty()) {
    rules.push_back(absl::StrCat("\"", absl::StrReplaceAll(hours.note, {{"\"", "'"}}), "\""));
  }
  return absl::StrJoin(rules, "; ");
}

}  // namespace veche::directory
