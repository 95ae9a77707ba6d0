#pragma once

#include "absl/strings/string_view.h"
#include "services/gateway/json/table.h"
#include "services/gateway/json/wire.h"

// Converts scalars from text to wire bytes. Internal to this folder.

namespace veche::gateway::json {

// nullptr on success, else the id of the text that says what is expected.
using Problem = const char*;

// Appends a number from a JSON number token, or from the same text in quotes, in a URL or as a
// map's key. 1.0 and 1e3 are whole numbers too. The value is appended in wire form, without a tag.
Problem AppendNumber(const Field& field, absl::string_view text, Output& out);
// Appends any scalar from text without quotes: numbers, NaN, Infinity, -Infinity, true, false,
// names of enums, strings, bytes in base64 (both alphabets, with or without padding).
Problem AppendText(const Field& field, absl::string_view text, Output& out);

// The problem of a value of a wrong type: what the field or message expects.
Problem Expectation(const Field& field);
Problem Expectation(const MessageTable& message);

}  // namespace veche::gateway::json
