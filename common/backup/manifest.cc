#include "common/backup/manifest.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/crypto/sha256.h"

namespace veche::backup {
namespace {

constexpr char kFirstLine[] = "veche backup 1";

std::string HashOf(absl::string_view text) { return absl::BytesToHexString(crypto::Sha256(text)); }

absl::Status Damaged() {
  return absl::DataLossError(
      absl::StrCat("The backup's ", kManifestFile, " is damaged. Take another backup."));
}

// "file <sha256> <size> <path>"; the path may have spaces.
absl::StatusOr<ManifestFile> ParseFile(absl::string_view line) {
  const std::vector<std::string> words = absl::StrSplit(line, absl::MaxSplits(' ', 3));
  ManifestFile file;
  if (words.size() != 4 || words[0] != "file" || !absl::SimpleAtoi(words[2], &file.size) ||
      !IsManifestPath(words[3])) {
    return Damaged();
  }
  file.sha256 = words[1];
  file.path = words[3];
  return file;
}

}  // namespace

bool IsManifestPath(absl::string_view path) {
  if (std::any_of(path.begin(), path.end(), [](char c) { return absl::ascii_iscntrl(c); })) {
    return false;
  }
  const std::vector<absl::string_view> names = absl::StrSplit(path, '/');
  return std::none_of(names.begin(), names.end(), [](absl::string_view name) {
    return name.empty() || name == "." || name == "..";
  });
}

std::string ToText(const Manifest& manifest) {
  std::string text = absl::StrCat(
      kFirstLine, "\ntime ",
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", manifest.time, absl::UTCTimeZone()), "\n");
  for (const ManifestFile& file : manifest.files) {
    absl::StrAppend(&text, "file ", file.sha256, " ", file.size, " ", file.path, "\n");
  }
  return absl::StrCat(text, "end ", HashOf(text), "\n");
}

absl::StatusOr<Manifest> ParseManifest(absl::string_view text) {
  // The hash of the rest is the last line, so a truncated manifest has none.
  constexpr size_t kEndSize = 4 + 64 + 1;
  if (text.size() < kEndSize) return Damaged();
  const absl::string_view body = text.substr(0, text.size() - kEndSize);
  if (text.substr(body.size()) != absl::StrCat("end ", HashOf(body), "\n")) return Damaged();

  std::vector<absl::string_view> lines = absl::StrSplit(body, '\n');
  if (lines.size() < 3 || lines[0] != kFirstLine || !lines.back().empty()) return Damaged();
  Manifest manifest;
  absl::string_view time = lines[1];
  std::string error;
  if (!absl::ConsumePrefix(&time, "time ") ||
      !absl::ParseTime(absl::RFC3339_sec, time, &manifest.time, &error)) {
    return Damaged();
  }
  for (size_t i = 2; i + 1 < lines.size(); ++i) {
    ASSIGN_OR_RETURN(ManifestFile file, ParseFile(lines[i]));
    manifest.files.push_back(std::move(file));
  }
  return manifest;
}

}  // namespace veche::backup
