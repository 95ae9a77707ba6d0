#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace veche::http {

// Answers smaller than this are not worth compressing.
constexpr size_t kGzipAtLeast = 1024;

// RFC 1952; "" when zlib fails, which happens only without memory.
std::string Gzip(absl::string_view text);

}  // namespace veche::http
