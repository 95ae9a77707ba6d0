#pragma once

#include "absl/strings/string_view.h"
#include "services/gateway/json/wire.h"

// Internal to this folder.

namespace veche::gateway::json {

// Appends a JSON string: base64 with padding.
void WriteBase64(absl::string_view bytes, Output& out);
// Reads base64 of both alphabets, with or without padding: appends the length and the bytes. False
// when `text` is not base64.
bool AppendBase64(absl::string_view text, Output& out);

}  // namespace veche::gateway::json
