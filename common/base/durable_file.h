#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace veche {

// Writes `file` with mode 0600, either completely or not at all, and durably: a temporary file in
// the same folder, fsync, rename, fsync of the folder. An older `file` is replaced at once: a
// reader sees the old or the new content. The temporary file's name is ".<name>.<random>"; only a
// process that was killed leaves one behind. Unavailable when the file system refuses; the message
// names the file and holds nothing of `content`.
absl::Status WriteDurably(const std::filesystem::path& file, absl::string_view content);

// The same, but an older `file` stays: of several processes that make one key, the first wins, and
// all read the same file afterwards.
absl::Status WriteDurablyOnce(const std::filesystem::path& file, absl::string_view content);

}  // namespace veche
