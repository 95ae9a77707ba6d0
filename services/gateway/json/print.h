#pragma once

#include <charconv>

#include "absl/strings/string_view.h"
#include "services/gateway/json/wire.h"

// Writes scalars as JSON. Internal to this folder.

namespace veche::gateway::json {

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
// False when `text` is not UTF-8; the output is then incomplete.
bool WriteString(absl::string_view text, Output& out);

}  // namespace veche::gateway::json
