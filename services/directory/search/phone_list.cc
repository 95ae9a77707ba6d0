#include "services/directory/search/phone_list.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace veche::directory {
namespace {

constexpr char kEnd = '\n';
constexpr size_t kLeastDigits = 3;
constexpr size_t kRussianNumber = 11;  // digits, with the country's 7 or the trunk prefix 8

std::string OnlyDigits(absl::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), absl::ascii_isdigit);
  if (digits.size() == kRussianNumber && digits[0] == '8') digits[0] = '7';
  return digits;
}

}  // namespace

void PhoneList::Add(uint32_t document, absl::string_view phone) {
  const std::string digits = OnlyDigits(phone);
  if (digits.empty()) return;
  digits_ += digits;
  digits_ += kEnd;
  documents_.emplace_back(digits_.size(), document);
}

std::string PhoneList::DigitsOf(absl::string_view query) {
  const bool phone = std::all_of(query.begin(), query.end(), [](char c) {
    return absl::ascii_isdigit(c) || absl::StrContains(" +-()", c);
  });
  std::string digits = phone ? OnlyDigits(query) : "";
  return digits.size() < kLeastDigits ? "" : digits;
}

void PhoneList::Find(absl::string_view digits,
                     absl::FunctionRef<void(uint32_t document, bool whole)> found) const {
  size_t position = 0;
  while ((position = digits_.find(digits.data(), position, digits.size())) != std::string::npos) {
    const auto phone = std::upper_bound(
        documents_.begin(), documents_.end(), position,
        [](size_t place, const std::pair<size_t, uint32_t>& entry) { return place < entry.first; });
    const size_t begin = phone == documents_.begin() ? 0 : std::prev(phone)->first;
    found(phone->second, position == begin && begin + digits.size() + 1 == phone->first);
    position = phone->first;
  }
}

}  // namespace veche::directory
