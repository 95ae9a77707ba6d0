#include "services/gateway/json/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <type_traits>

namespace veche::gateway::json {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The sign and magnitude of a whole number; false when `text` is not a whole number or the
// magnitude exceeds 64 bits.
bool ParseWhole(absl::string_view text, bool* negative, uint64_t* magnitude) {
  NumberText number;
  if (!SplitNumber(text, &number)) return false;
  *negative = number.negative;
  *magnitude = 0;
  while (!number.fraction.empty() && number.fraction.back() == '0') {
    number.fraction.remove_suffix(1);
  }
  int64_t scale = number.exponent - static_cast<int64_t>(number.fraction.size());
  int64_t zeros = 0;  // not yet appended: trailing zeros only count in `scale`
  for (absl::string_view part : {number.whole, number.fraction}) {
    for (char c : part) {
      if (c == '0') {
        zeros += *magnitude != 0;
        continue;
      }
      if (zeros > 20) return false;
      for (; zeros > 0; --zeros) {
        if (__builtin_mul_overflow(*magnitude, 10, magnitude)) return false;
      }
      if (__builtin_mul_overflow(*magnitude, 10, magnitude) ||
          __builtin_add_overflow(*magnitude, static_cast<uint64_t>(c - '0'), magnitude)) {
        return false;
      }
    }
  }
  if (*magnitude == 0) return true;
  scale += zeros;
  if (scale < 0 || scale > 20) return false;
  for (; scale > 0; --scale) {
    if (__builtin_mul_overflow(*magnitude, 10, magnitude)) return false;
  }
  return true;
}

template <typename T>
bool ParseAnyInteger(absl::string_view text, T* value) {
  bool negative = !text.empty() && text[0] == '-';
  uint64_t magnitude = 0;
  const absl::string_view digits = text.substr(negative ? 1 : 0);
  if (!digits.empty() && digits.size() <= 18 && (digits[0] != '0' || digits.size() == 1) &&
      std::all_of(digits.begin(), digits.end(), IsDigit)) {
    for (char c : digits) magnitude = magnitude * 10 + (c - '0');
  } else if (!ParseWhole(text, &negative, &magnitude)) {
    return false;
  }
  if (negative) {
    // 0 - x wraps around to the correct bits, for the smallest number too.
    constexpr uint64_t kMost =
        std::is_signed_v<T> ? static_cast<uint64_t>(std::numeric_limits<T>::max()) + 1 : 0;
    *value = static_cast<T>(0 - magnitude);
    return magnitude <= kMost;
  }
  *value = static_cast<T>(magnitude);
  return magnitude <= static_cast<uint64_t>(std::numeric_limits<T>::max());
}

template <typename T>
bool ParseAnyFloating(absl::string_view text, T* value, bool* too_large) {
  NumberText number;
  *too_large = false;
  if (!SplitNumber(text, &number)) return false;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), *value);
  if (result.ec == std::errc::result_out_of_range) {
    // from_chars reports numbers that are too large and too small alike.
    const size_t leading = std::min(number.fraction.find_first_not_of('0'), number.fraction.size());
    const int64_t magnitude = number.whole == "0"
                                  ? number.exponent - static_cast<int64_t>(leading)
                                  : number.exponent + static_cast<int64_t>(number.whole.size());
    *too_large = magnitude > 0;
    *value = number.negative ? -T{0} : T{0};
  }
  *too_large |= std::isinf(*value);
  return !*too_large;
}

}  // namespace

bool SplitNumber(absl::string_view text, NumberText* number) {
  const char* p = text.data();
  const char* const end = p + text.size();
  auto digits = [&] {
    const char* const begin = p;
    while (p < end && IsDigit(*p)) ++p;
    return absl::string_view(begin, p - begin);
  };
  if (p < end && *p == '-') {
    number->negative = true;
    ++p;
  }
  number->whole = digits();
  if (number->whole.empty() || (number->whole.size() > 1 && number->whole[0] == '0')) return false;
  if (p < end && *p == '.') {
    ++p;
    number->fraction = digits();
    if (number->fraction.empty()) return false;
  }
  if (p < end && (*p == 'e' || *p == 'E')) {
    ++p;
    bool negative = false;
    if (p < end && (*p == '+' || *p == '-')) negative = *p++ == '-';
    const absl::string_view exponent = digits();
    if (exponent.empty()) return false;
    for (char c : exponent) {  // a larger exponent changes nothing: no text is that long
      number->exponent = std::min<int64_t>(number->exponent * 10 + (c - '0'), int64_t{1} << 40);
    }
    if (negative) number->exponent = -number->exponent;
  }
  return p == end;
}

bool ParseInteger(absl::string_view text, int32_t* value) { return ParseAnyInteger(text, value); }
bool ParseInteger(absl::string_view text, uint32_t* value) { return ParseAnyInteger(text, value); }
bool ParseInteger(absl::string_view text, int64_t* value) { return ParseAnyInteger(text, value); }
bool ParseInteger(absl::string_view text, uint64_t* value) { return ParseAnyInteger(text, value); }

bool ParseFloating(absl::string_view text, double* value, bool* too_large) {
  return ParseAnyFloating(text, value, too_large);
}
bool ParseFloating(absl::string_view text, float* value, bool* too_large) {
  return ParseAnyFloating(text, value, too_large);
}

}  // namespace veche::gateway::json
