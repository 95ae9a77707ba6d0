#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace veche::directory {

// Phones by any run of their digits. Not thread-safe to add to; finding is.
class PhoneList {
 public:
  // Keeps the digits of `phone`.
  void Add(uint32_t document, absl::string_view phone);

  // The digits to look for if `query` is a phone or a part of one: at least three digits, otherwise
  // only spaces and "+-()". Empty if it is not. The Russian trunk prefix 8 of a whole number is 7.
  static std::string DigitsOf(absl::string_view query);

  // Calls `found` with each document that has a phone with `digits` in it, once for each phone;
  // `whole` when they are the whole number. REQUIRES: `digits` is not empty.
  void Find(absl::string_view digits,
            absl::FunctionRef<void(uint32_t document, bool whole)> found) const;

 private:
  std::string digits_;                                  // of all phones, each ended by '\n'
  std::vector<std::pair<size_t, uint32_t>> documents_;  // where each phone ends, ascending
};

}  // namespace veche::directory
