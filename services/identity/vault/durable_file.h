#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace veche::identity {

// Writes a file that its owner alone may read, whole or not at all, and durable when this returns
// OK: a temporary file beside it, fsync, rename, fsync of the folder. Replaces an older file of the
// name. Unavailable when the disk refuses (the message has no content of the file).
absl::Status WriteDurably(const std::filesystem::path& file, absl::string_view content);

}  // namespace veche::identity
