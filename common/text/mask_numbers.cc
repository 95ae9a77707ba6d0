#include "common/text/mask_numbers.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/types/span.h"

namespace veche::text {
namespace {

constexpr size_t kMaxMailbox = 64;  // RFC 5321
constexpr size_t kMaxDomain = 255;
constexpr size_t kMaxGroups = 8;  // of digits in one number
constexpr size_t kMaxDigits = 20;

bool IsMailboxByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || absl::ascii_isalnum(byte) ||
         absl::string_view("._%+-").find(c) != absl::string_view::npos;
}
bool IsDomainByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || absl::ascii_isalnum(byte) || c == '.' || c == '-';
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Digits in groups, as «8 (843) 555-12-12».
struct Number {
  bool plus = false;
  std::vector<size_t> groups;  // lengths
  std::string digits;
  bool hyphens_only = true;  // no spaces or brackets between groups
  size_t end = 0;
};

// The length of the separator between two groups at `i`; 0 when there is none.
size_t SeparatorAt(absl::string_view text, size_t i, bool& hyphens_only) {
  size_t length = 0;
  bool hyphen = false;
  while (i + length < text.size() && length < 4) {
    const absl::string_view rest = text.substr(i + length);
    if (rest[0] == '-') {
      hyphen = true;
      ++length;
    } else if (rest[0] == ' ' || rest[0] == '(' || rest[0] == ')') {
      hyphens_only = false;
      ++length;
    } else if (rest.substr(0, 3) == "\xE2\x80\x93" || rest.substr(0, 3) == "\xE2\x80\x91") {
      hyphen = true;  // en dash, non-breaking hyphen
      length += 3;
    } else if (rest.substr(0, 2) == "\xC2\xA0") {
      hyphens_only = false;
      length += 2;
    } else {
      break;
    }
  }
  hyphens_only = hyphens_only && hyphen;
  return length;
}

Number ReadNumber(absl::string_view text, size_t i) {
  Number number;
  number.plus = text[i] == '+';
  if (number.plus) ++i;
  if (i < text.size() && text[i] == '(') ++i;
  while (i < text.size() && IsDigit(text[i]) && number.groups.size() < kMaxGroups &&
         number.digits.size() < kMaxDigits) {
    const size_t start = i;
    while (i < text.size() && IsDigit(text[i])) ++i;
    number.groups.push_back(i - start);
    number.digits.append(text.data() + start, std::min(i - start, kMaxDigits));
    number.end = i;
    bool hyphens_only = number.hyphens_only;
    const size_t separator = SeparatorAt(text, i, hyphens_only);
    if (separator == 0 || i + separator >= text.size() || !IsDigit(text[i + separator])) break;
    number.hyphens_only = hyphens_only;
    i += separator;
  }
  return number;
}

bool GroupsAre(const Number& number, std::initializer_list<size_t> lengths) {
  return absl::MakeConstSpan(number.groups) == absl::MakeConstSpan(lengths.begin(), lengths.size());
}

// 44-55-66, 244-55-66: local phones; but 05-11-22 is a date, and 12-14-16 are house numbers.
bool IsLocalPhone(const Number& number) {
  if (!number.hyphens_only) return false;
  if (GroupsAre(number, {3, 2, 2}) || GroupsAre(number, {3, 3, 3})) return true;
  return GroupsAre(number, {2, 2, 2}) && number.digits.substr(0, 2) > "31";
}

bool IsPhone(const Number& number) {
  const size_t size = number.digits.size();
  if (number.plus) return size >= 10 && size <= 15;
  const char first = number.digits[0];
  if (size == 11 && (first == '8' || first == '7')) {
    // «8 12 14 …» may be house numbers: the area code of a phone has at least three digits.
    return number.groups.size() == 1 || number.groups[0] >= 4 || number.groups[1] >= 3;
  }
  if (size == 12 && number.digits.substr(0, 3) == "380") return true;
  if (size == 10 && (first == '9' || first == '0')) return number.groups[0] >= 3;
  return IsLocalPhone(number);
}

// Passports, insurance numbers, cards, written in their usual groups.
bool IsDocument(const Number& number) {
  return GroupsAre(number, {4, 6}) || GroupsAre(number, {2, 2, 6}) ||
         GroupsAre(number, {3, 3, 3, 2}) || GroupsAre(number, {4, 4, 4, 4}) ||
         GroupsAre(number, {4, 4, 4, 4, 2});
}

}  // namespace

void FindEmails(absl::string_view text, std::vector<PersonalSpan>& spans) {
  size_t floor = 0;  // end of the previous address
  for (size_t at = text.find('@'); at != absl::string_view::npos; at = text.find('@', at + 1)) {
    size_t begin = at;
    while (begin > floor && at - begin < kMaxMailbox && IsMailboxByte(text[begin - 1])) --begin;
    size_t end = at + 1;
    while (end < text.size() && end - at < kMaxDomain && IsDomainByte(text[end])) ++end;
    while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
    const absl::string_view domain = text.substr(at + 1, end - at - 1);
    if (begin == at || domain.find('.') == absl::string_view::npos) continue;
    // A span never begins or ends inside a character.
    while (begin < at && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) ++begin;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    spans.push_back({begin, end, Personal::kEmail});
    floor = end;
  }
}

void FindNumbers(absl::string_view text, std::vector<PersonalSpan>& spans) {
  for (size_t i = 0; i < text.size();) {
    const bool plus =
        text[i] == '+' && i + 1 < text.size() && (IsDigit(text[i + 1]) || text[i + 1] == '(');
    if (!plus && !IsDigit(text[i])) {
      ++i;
      continue;
    }
    const Number number = ReadNumber(text, i);
    if (number.groups.empty()) {
      ++i;
      continue;
    }
    if (IsDocument(number)) {
      spans.push_back({i, number.end, Personal::kNumber});
      i = number.end;
    } else if (IsPhone(number)) {
      spans.push_back({i, number.end, Personal::kPhone});
      i = number.end;
    } else if (number.groups.size() == 1 && number.digits.size() >= 10) {
      spans.push_back({i, number.end, Personal::kNumber});  // taxpayers, accounts
      i = number.end;
    } else {
      // A phone may follow a house number: go on after the first group.
      if (text[i] == '+') ++i;
      if (i < text.size() && text[i] == '(') ++i;
      while (i < text.size() && IsDigit(text[i])) ++i;
    }
  }
}

}  // namespace veche::text
