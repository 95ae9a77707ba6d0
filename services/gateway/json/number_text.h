#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

// Numbers in JSON's grammar, of any length. All functions are pure and thread-safe. Internal to
// this folder.

namespace veche::gateway::json {

// The parts of a number.
struct NumberText {
  bool negative = false;
  absl::string_view whole;
  absl::string_view fraction;
  int64_t exponent = 0;
};

// Splits a number; the parts point into `text`. False when `text` is not a number in JSON's
// grammar.
bool SplitNumber(absl::string_view text, NumberText* number);

// The exact value of a whole number, which 1.0 and 1e3 are too. False when `text` is not a whole
// number or does not fit.
bool ParseInteger(absl::string_view text, int32_t* value);
bool ParseInteger(absl::string_view text, uint32_t* value);
bool ParseInteger(absl::string_view text, int64_t* value);
bool ParseInteger(absl::string_view text, uint64_t* value);

// The nearest value; zero when the number is too small. False when `text` is not a number or, with
// `too_large` set, when the number exceeds the largest value.
bool ParseFloating(absl::string_view text, double* value, bool* too_large);
bool ParseFloating(absl::string_view text, float* value, bool* too_large);

}  // namespace veche::gateway::json
