#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

// Numbers as JSON writes them, of any length. Internal to this folder.

namespace veche::gateway::json {

// The parts of a number.
struct NumberText {
  bool negative = false;
  absl::string_view whole;
  absl::string_view fraction;
  int64_t exponent = 0;
};

// False where `text` is not of JSON's grammar.
bool SplitNumber(absl::string_view text, NumberText* number);

// The exact value of a whole number; 1.0 and 1e3 are such too. False when it is none or does not
// fit.
bool ParseInteger(absl::string_view text, int32_t* value);
bool ParseInteger(absl::string_view text, uint32_t* value);
bool ParseInteger(absl::string_view text, int64_t* value);
bool ParseInteger(absl::string_view text, uint64_t* value);

// The nearest value; what is too small is zero. False when it is no number or, with `too_large`,
// when it is beyond the largest.
bool ParseFloating(absl::string_view text, double* value, bool* too_large);
bool ParseFloating(absl::string_view text, float* value, bool* too_large);

}  // namespace veche::gateway::json
