#pragma once

#include <charconv>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "services/gateway/json/table.h"
#include "services/gateway/json/wire.h"

// Converts scalars between text and wire bytes. Internal to this folder.

namespace veche::gateway::json {

// nullptr on success, else the id of the text that says what is expected.
using Problem = const char*;

// Append a value as JSON.
template <typename T>
void WriteInteger(T value, Output& out) {
  char* p = out.Need(20);
  out.Advance(std::to_chars(p, p + 20, value).ptr);
}
template <typename T>
void WriteQuotedInteger(T value, Output& out) {
  char* p = out.Need(22);
  *p = '"';
  p = std::to_chars(p + 1, p + 21, value).ptr;
  *p++ = '"';
  out.Advance(p);
}
void WriteDouble(double value, Output& out);
void WriteFloat(float value, Output& out);
void WriteBase64(absl::string_view bytes, Output& out);
// False when `text` is not UTF-8; the output is then incomplete.
bool WriteString(absl::string_view text, Output& out);

// Appends a number from a JSON number token, or from the same text in quotes, in a URL or as a
// map's key. 1.0 and 1e3 are whole numbers too. The value is appended in wire form, without a tag.
Problem AppendNumber(const Field& field, absl::string_view text, Output& out);
// Appends any scalar from text without quotes: numbers, NaN, Infinity, -Infinity, true, false,
// names of enums, strings, bytes in base64 (both alphabets, with or without padding).
Problem AppendText(const Field& field, absl::string_view text, Output& out);

// Appends the length and the bytes. False when `text` is not base64.
bool AppendBase64(absl::string_view text, Output& out);

// The problem of a value of a wrong type: what the field or message expects.
Problem Expectation(const Field& field);
Problem Expectation(const MessageTable& message);

}  // namespace veche::gateway::json
