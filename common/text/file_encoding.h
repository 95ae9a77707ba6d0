#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace veche::text {

// The text of a file that somebody saved: UTF-8, with or without a byte order mark, or, when it is
// not well-formed UTF-8, Windows-1251. A byte that Windows-1251 does not have becomes U+FFFD.
// Thread-safe.
std::string DecodeFile(absl::string_view bytes);

}  // namespace veche::text
