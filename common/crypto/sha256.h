#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace veche::crypto {

// The 32 bytes of a SHA-256. Thread-safe.
std::string Sha256(absl::string_view text);

}  // namespace veche::crypto
