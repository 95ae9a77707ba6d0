#pragma once

#include <fstream>
#include <sstream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace veche {

// The whole of a small file. FailedPrecondition when it cannot be read.
inline absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::FailedPreconditionError(absl::StrCat("cannot read ", path));
  }
  return text.str();
}

}  // namespace veche
