#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/backup/manifest.h"

// Files of backups. Errors name the file: NotFound, Unavailable (the file system refuses),
// ResourceExhausted (the disk is full).

namespace veche::backup {

// Size and hash of a file; `path` is left empty.
absl::StatusOr<ManifestFile> Measure(const std::filesystem::path& file);
// Copies `from` to the new file `to`, which only its owner may read, durably; creates the folders
// of `to`. Returns the size and hash of what was written; `path` is left empty.
absl::StatusOr<ManifestFile> Copy(const std::filesystem::path& from,
                                  const std::filesystem::path& to);
// Makes the names in `folder` and in all folders below durable, and the contents of `files`.
absl::Status SyncTree(const std::filesystem::path& folder,
                      const std::vector<std::filesystem::path>& files = {});
// The whole content of a file.
absl::StatusOr<std::string> ReadWhole(const std::filesystem::path& file);
// The regular files below `folder`, through symbolic links, by their relative paths in order.
absl::StatusOr<std::vector<std::string>> ListFiles(const std::filesystem::path& folder);
// The names in `folder`; none when it does not exist.
absl::StatusOr<std::vector<std::string>> ListNames(const std::filesystem::path& folder);

}  // namespace veche::backup
