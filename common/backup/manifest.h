#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace veche::backup {

// The name of the manifest in the folder of a backup. It is written last: without it, the backup
// was not finished.
inline constexpr char kManifestFile[] = "MANIFEST";

// A file of a backup.
struct ManifestFile {
  std::string path;  // relative to the folder: "attachments/3f/3f9c…"
  int64_t size = 0;
  std::string sha256;  // in hexadecimal
};

// What a backup consists of.
struct Manifest {
  absl::Time time;  // of the moment that the backup shows; whole seconds
  std::vector<ManifestFile> files;
};

// The manifest as lines of text, the last of which has the hash of the others. Pure.
std::string ToText(const Manifest& manifest);
// The inverse of ToText. DataLoss for any other text, however little it differs, and for paths that
// leave the folder.
absl::StatusOr<Manifest> ParseManifest(absl::string_view text);

// Whether `path` can stand in a manifest: relative, without ".." and without control characters.
bool IsManifestPath(absl::string_view path);

}  // namespace veche::backup
