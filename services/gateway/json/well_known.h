#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "services/gateway/json/table.h"
#include "services/gateway/json/wire.h"

// The well-known types that are strings in JSON. Internal to this folder.

namespace veche::gateway::json {

// Append the value as JSON, with quotes. False when the value has no JSON form (out of range,
// different signs); nothing is written then.
bool WriteTimestamp(int64_t seconds, int64_t nanos, Output& out);
bool WriteDuration(int64_t seconds, int64_t nanos, Output& out);
// Appends one path of a mask, in lowerCamelCase, without quotes. False for a path that would not
// convert back to the same path.
bool WriteMaskPath(absl::string_view path, Output& out);

// Append the body of a message (without its length) from the text of the JSON string. False when
// `text` is not valid.
bool AppendTimestamp(absl::string_view text, Output& out);
bool AppendDuration(absl::string_view text, Output& out);
// `any_case` accepts snake_case too, which people write in URLs.
bool AppendFieldMask(absl::string_view text, bool any_case, Output& out);

// Calls the function above for `kind`.
bool AppendWellKnownText(WellKnown kind, absl::string_view text, bool any_case, Output& out);

}  // namespace veche::gateway::json
