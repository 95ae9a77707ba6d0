#include "services/gateway/json/well_known.h"

#include <charconv>
#include <chrono>

namespace veche::gateway::json {
namespace {

constexpr int64_t kMinTimestamp = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr int64_t kMaxTimestamp = 253'402'300'799;  // 9999-12-31T23:59:59Z
constexpr int64_t kMaxDuration = 315'576'000'000;   // 10,000 years
constexpr int64_t kDay = 86'400;
constexpr int32_t kNanos = 1'000'000'000;

char* PutDigits(uint32_t value, int digits, char* p) {
  for (int i = digits - 1; i >= 0; --i, value /= 10) p[i] = static_cast<char>('0' + value % 10);
  return p + digits;
}

// ".123", ".123456" or ".123456789", the shortest exact form.
char* PutFraction(uint32_t nanos, char* p) {
  if (nanos == 0) return p;
  *p++ = '.';
  if (nanos % 1'000'000 == 0) return PutDigits(nanos / 1'000'000, 3, p);
  if (nanos % 1'000 == 0) return PutDigits(nanos / 1'000, 6, p);
  return PutDigits(nanos, 9, p);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

// Reads a text from its start.
class Scanner {
 public:
  explicit Scanner(absl::string_view text) : text_(text) {}
  bool done() const { return text_.empty(); }
  bool Take(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // Reads exactly `digits` digits.
  bool Number(int digits, int* value) {
    if (text_.size() < static_cast<size_t>(digits)) return false;
    *value = 0;
    for (int i = 0; i < digits; ++i) {
      if (!IsDigit(text_[i])) return false;
      *value = *value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(digits);
    return true;
  }
  // Reads one to 12 digits.
  bool Seconds(int64_t* value) {
    size_t i = 0;
    for (*value = 0; i < text_.size() && i < 12 && IsDigit(text_[i]); ++i) {
      *value = *value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(i);
    return i > 0;
  }
  // Reads "" or "." and one to nine digits.
  bool Fraction(int32_t* nanos) {
    *nanos = 0;
    if (!Take('.')) return true;
    size_t i = 0;
    int32_t unit = kNanos / 10;
    for (; i < text_.size() && i < 9 && IsDigit(text_[i]); ++i, unit /= 10) {
      *nanos += (text_[i] - '0') * unit;
    }
    text_.remove_prefix(i);
    return i > 0;
  }

 private:
  absl::string_view text_;
};

// Reads "Z" or "+hh:mm"; the offset is in seconds.
bool TakeOffset(Scanner& in, int64_t* offset) {
  *offset = 0;
  if (in.Take('Z')) return true;
  const bool east = in.Take('+');
  if (!east && !in.Take('-')) return false;
  int hours, minutes;
  if (!in.Number(2, &hours) || !in.Take(':') || !in.Number(2, &minutes)) return false;
  if (hours > 23 || minutes > 59) return false;
  *offset = (hours * 3600 + minutes * 60) * (east ? 1 : -1);
  return true;
}

void PutSecondsAndNanos(int64_t seconds, int64_t nanos, Output& out) {
  if (seconds != 0) {
    out.Put('\x08');
    out.PutVarint(static_cast<uint64_t>(seconds));
  }
  if (nanos != 0) {
    out.Put('\x10');
    out.PutVarint(static_cast<uint64_t>(nanos));
  }
}

}  // namespace

bool WriteTimestamp(int64_t seconds, int64_t nanos, Output& out) {
  if (seconds < kMinTimestamp || seconds > kMaxTimestamp || nanos < 0 || nanos >= kNanos) {
    return false;
  }
  int64_t days = seconds / kDay;
  int64_t rest = seconds % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  const auto second = static_cast<uint32_t>(rest);
  char* p = out.Need(32);
  *p++ = '"';
  p = PutDigits(static_cast<uint32_t>(static_cast<int>(date.year())), 4, p);
  *p++ = '-';
  p = PutDigits(static_cast<unsigned>(date.month()), 2, p);
  *p++ = '-';
  p = PutDigits(static_cast<unsigned>(date.day()), 2, p);
  *p++ = 'T';
  p = PutDigits(second / 3600, 2, p);
  *p++ = ':';
  p = PutDigits(second / 60 % 60, 2, p);
  *p++ = ':';
  p = PutDigits(second % 60, 2, p);
  p = PutFraction(static_cast<uint32_t>(nanos), p);
  *p++ = 'Z';
  *p++ = '"';
  out.Advance(p);
  return true;
}

bool WriteDuration(int64_t seconds, int64_t nanos, Output& out) {
  if (seconds < -kMaxDuration || seconds > kMaxDuration) return false;
  if (nanos <= -kNanos || nanos >= kNanos) return false;
  if ((seconds < 0 && nanos > 0) || (seconds > 0 && nanos < 0)) return false;
  char* p = out.Need(32);
  *p++ = '"';
  if (seconds < 0 || nanos < 0) *p++ = '-';
  p = std::to_chars(p, p + 20, seconds < 0 ? -seconds : seconds).ptr;
  p = PutFraction(static_cast<uint32_t>(nanos < 0 ? -nanos : nanos), p);
  *p++ = 's';
  *p++ = '"';
  out.Advance(p);
  return true;
}

bool WriteMaskPath(absl::string_view path, Output& out) {
  if (path.empty()) return false;
  for (size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (c == '_') {
      if (i + 1 == path.size() || !IsLower(path[i + 1])) return false;
      out.Put(static_cast<char>(path[++i] - 'a' + 'A'));
    } else if (IsLower(c) || IsDigit(c) || c == '.') {
      out.Put(c);
    } else {
      return false;
    }
  }
  return true;
}

bool AppendTimestamp(absl::string_view text, Output& out) {
  Scanner in(text);
  int year, month, day, hour, minute, second;
  int32_t nanos;
  int64_t offset;
  if (!in.Number(4, &year) || !in.Take('-') || !in.Number(2, &month) || !in.Take('-') ||
      !in.Number(2, &day) || !in.Take('T') || !in.Number(2, &hour) || !in.Take(':') ||
      !in.Number(2, &minute) || !in.Take(':') || !in.Number(2, &second) || !in.Fraction(&nanos) ||
      !TakeOffset(in, &offset) || !in.done()) {
    return false;
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return false;
  const int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  const int64_t seconds = days * kDay + hour * 3600 + minute * 60 + second - offset;
  if (seconds < kMinTimestamp || seconds > kMaxTimestamp) return false;
  PutSecondsAndNanos(seconds, nanos, out);
  return true;
}

bool AppendDuration(absl::string_view text, Output& out) {
  Scanner in(text);
  const bool negative = in.Take('-');
  int64_t seconds;
  int32_t nanos;
  if (!in.Seconds(&seconds) || !in.Fraction(&nanos) || !in.Take('s') || !in.done()) return false;
  if (seconds > kMaxDuration || (seconds == kMaxDuration && nanos > 0)) return false;
  PutSecondsAndNanos(negative ? -seconds : seconds, negative ? -nanos : nanos, out);
  return true;
}

bool AppendFieldMask(absl::string_view text, bool any_case, Output& out) {
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const absl::string_view path = text.substr(0, comma);
    text.remove_prefix(path.size());
    if (path.empty() || text == ",") return false;
    if (!text.empty()) text.remove_prefix(1);
    out.Put('\x0a');
    const size_t begin = out.BeginLength();
    for (char c : path) {
      if (IsUpper(c)) {
        out.Put('_');
        out.Put(static_cast<char>(c - 'A' + 'a'));
      } else if (IsLower(c) || IsDigit(c) || c == '.' || (any_case && c == '_')) {
        out.Put(c);
      } else {
        return false;
      }
    }
    out.EndLength(begin);
  }
  return true;
}

bool AppendWellKnownText(WellKnown kind, absl::string_view text, bool any_case, Output& out) {
  switch (kind) {
    case WellKnown::kTimestamp:
      return AppendTimestamp(text, out);
    case WellKnown::kDuration:
      return AppendDuration(text, out);
    case WellKnown::kFieldMask:
      return AppendFieldMask(text, any_case, out);
    default:
      return false;
  }
}

}  // namespace veche::gateway::json
