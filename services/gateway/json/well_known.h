#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "services/gateway/json/scalar.h"
#include "services/gateway/json/wire.h"

// The well-known types that are strings in JSON. Internal to this folder.

namespace veche::gateway::json {

// As JSON, with quotes. False for what JSON cannot say (out of range, signs that differ); nothing
// is written then.
bool WriteTimestamp(int64_t seconds, int64_t nanos, Output& out);
bool WriteDuration(int64_t seconds, int64_t nanos, Output& out);
// One path of a mask, in lowerCamelCase, without quotes. False for one that would not come back.
bool WriteMaskPath(absl::string_view path, Output& out);

// The body of a message (without its length) from the text of the JSON string. False when it is
// not right.
bool AppendTimestamp(absl::string_view text, Output& out);
bool AppendDuration(absl::string_view text, Output& out);
// `any_case` takes snake_case too, which people write in URLs.
bool AppendFieldMask(absl::string_view text, bool any_case, Output& out);

// Whichever of these `kind` is.
bool AppendWellKnownText(WellKnown kind, absl::string_view text, bool any_case, Output& out);

}  // namespace veche::gateway::json
