#include "common/backup/backup.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/backup/files.h"
#include "common/backup/manifest.h"
#include "common/base/durable_file.h"
#include "common/base/status_macros.h"
#include "common/sql/sqlite_snapshot.h"

namespace veche::backup {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kDatabase = ".db";
// Of the data folder itself: the lock, and what SQLite keeps beside a database.
constexpr absl::string_view kLock = "lock";
constexpr absl::string_view kBesideDatabases[] = {".db-wal", ".db-shm", ".db-journal"};

bool IsDatabase(absl::string_view path) {
  return !absl::StrContains(path, '/') && absl::EndsWith(path, kDatabase);
}

// Whether the file is neither copied as a database nor left out.
bool IsPlain(absl::string_view path) {
  if (absl::StrContains(path, '/')) return true;
  if (path == kLock || path == kUnfinishedFile || path == kManifestFile || IsDatabase(path)) {
    return false;
  }
  return std::none_of(std::begin(kBesideDatabases), std::end(kBesideDatabases),
                      [&](absl::string_view end) { return absl::EndsWith(path, end); });
}

bool IsInside(const fs::path& inner, const fs::path& outer) {
  std::error_code error;
  const fs::path relative =
      fs::weakly_canonical(inner, error).lexically_relative(fs::weakly_canonical(outer, error));
  return !relative.empty() && *relative.begin() != "..";
}

Summary SummaryOf(const Manifest& manifest) {
  Summary summary{.time = manifest.time, .files = static_cast<int64_t>(manifest.files.size())};
  for (const ManifestFile& file : manifest.files) summary.bytes += file.size;
  return summary;
}

absl::Status CheckTarget(const fs::path& data_dir, const fs::path& to) {
  if (IsInside(to, data_dir)) {
    return absl::FailedPreconditionError(
        absl::StrCat(to.string(), " is in the data folder itself. Choose a folder elsewhere."));
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListNames(to));
  if (names.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      to.string(), " is not empty. Each backup has a folder of its own: choose another name."));
}

// What happens in `to`, so that Backup can undo it.
absl::StatusOr<Summary> BackUpInto(const fs::path& data_dir, const fs::path& to, absl::Time now) {
  ASSIGN_OR_RETURN(std::vector<std::string> names, ListNames(data_dir));
  names.erase(std::remove_if(names.begin(), names.end(),
                             [](const std::string& name) { return !IsDatabase(name); }),
              names.end());
  if (names.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        data_dir.string(), " has no database: it is not a data folder with embedded storage."));
  }
  std::vector<fs::path> databases;
  databases.reserve(names.size());
  for (const std::string& name : names) databases.push_back(data_dir / name);
  ASSIGN_OR_RETURN(const auto snapshot, sql::SqliteSnapshot::Take(std::move(databases)));

  // A row that refers to a file is written after the file, so the files are copied after the
  // databases were read.
  Manifest manifest{.time = absl::FromUnixSeconds(absl::ToUnixSeconds(now))};
  std::vector<fs::path> copies;
  for (size_t i = 0; i < names.size(); ++i) {
    copies.push_back(to / names[i]);
    RETURN_IF_ERROR(snapshot->CopyTo(i, copies.back()));
    ASSIGN_OR_RETURN(ManifestFile file, Measure(copies.back()));
    file.path = names[i];
    manifest.files.push_back(std::move(file));
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> paths, ListFiles(data_dir));
  for (const std::string& path : paths) {
    if (!IsPlain(path)) continue;
    if (!IsManifestPath(path)) {
      return absl::FailedPreconditionError(
          absl::StrCat("The name of a file in ", data_dir.string(), " has control characters."));
    }
    absl::StatusOr<ManifestFile> file = Copy(data_dir / path, to / path);
    if (absl::IsNotFound(file.status())) {
      std::error_code error;
      fs::remove(to / path, error);
      continue;
    }
    RETURN_IF_ERROR(file.status());
    file->path = path;
    manifest.files.push_back(*std::move(file));
  }
  RETURN_IF_ERROR(SyncTree(to, copies));
  RETURN_IF_ERROR(WriteDurably(to / kManifestFile, ToText(manifest)));
  return SummaryOf(manifest);
}

// Whether an empty data folder may have the name: the lock, and what a file system has by itself.
bool MayStay(absl::string_view name) { return name == kLock || name == "lost+found"; }

// Empties the folder of a backup or the data folder; the mark of an unfinished restore goes last.
void Empty(const fs::path& folder) {
  const auto names = ListNames(folder);
  if (!names.ok()) return;
  std::error_code error;
  for (const std::string& name : *names) {
    if (!MayStay(name) && name != kUnfinishedFile) fs::remove_all(folder / name, error);
  }
  fs::remove(folder / kUnfinishedFile, error);
}

absl::StatusOr<Manifest> ReadVerified(const fs::path& from) {
  std::error_code error;
  const fs::path path = from / kManifestFile;
  if (!fs::exists(path, error)) {
    return absl::NotFoundError(absl::StrCat(
        from.string(), " has no ", kManifestFile,
        ": it is not a backup, or a backup that was not finished. Choose another backup."));
  }
  ASSIGN_OR_RETURN(const std::string text, ReadWhole(path));
  ASSIGN_OR_RETURN(Manifest manifest, ParseManifest(text));
  std::vector<std::string> expected = {kManifestFile};
  for (const ManifestFile& file : manifest.files) {
    const absl::StatusOr<ManifestFile> found = Measure(from / file.path);
    if (absl::IsNotFound(found.status())) {
      return absl::DataLossError(
          absl::StrCat("The backup is incomplete: ", file.path, " is missing."));
    }
    RETURN_IF_ERROR(found.status());
    if (found->size != file.size || found->sha256 != file.sha256) {
      return absl::DataLossError(
          absl::StrCat("The backup is damaged: ", file.path, " is not what was backed up."));
    }
    expected.push_back(file.path);
  }
  std::sort(expected.begin(), expected.end());
  ASSIGN_OR_RETURN(const std::vector<std::string> present, ListFiles(from));
  std::vector<std::string> more;
  std::set_difference(present.begin(), present.end(), expected.begin(), expected.end(),
                      std::back_inserter(more));
  if (more.empty()) return manifest;
  return absl::DataLossError(
      absl::StrCat("The backup has files that are not of it: ", absl::StrJoin(more, ", "), "."));
}

absl::Status CopyBack(const fs::path& from, const fs::path& data_dir, const Manifest& manifest) {
  for (const ManifestFile& file : manifest.files) {
    ASSIGN_OR_RETURN(const ManifestFile copied, Copy(from / file.path, data_dir / file.path));
    if (copied.sha256 != file.sha256) {
      return absl::DataLossError(
          absl::StrCat("The backup changed while it was restored: ", file.path, "."));
    }
  }
  return SyncTree(data_dir);
}

}  // namespace

absl::StatusOr<Summary> Backup(const fs::path& data_dir, const fs::path& to, absl::Time now) {
  RETURN_IF_ERROR(CheckTarget(data_dir, to));
  std::error_code error;
  fs::create_directories(to, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("Cannot create ", to.string(), ": ", error.message(), "."));
  }
  fs::permissions(to, fs::perms::owner_all, error);
  absl::StatusOr<Summary> summary = BackUpInto(data_dir, to, now);
  if (!summary.ok()) Empty(to);
  return summary;
}

absl::StatusOr<Summary> Verify(const fs::path& from) {
  ASSIGN_OR_RETURN(const Manifest manifest, ReadVerified(from));
  return SummaryOf(manifest);
}

absl::StatusOr<Summary> Restore(const fs::path& from, const fs::path& data_dir) {
  ASSIGN_OR_RETURN(const Manifest manifest, ReadVerified(from));
  ASSIGN_OR_RETURN(std::vector<std::string> names, ListNames(data_dir));
  if (std::find(names.begin(), names.end(), kUnfinishedFile) != names.end()) {
    Empty(data_dir);
    names.clear();
  }
  for (const std::string& name : names) {
    if (MayStay(name)) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("The data folder ", data_dir.string(), " is not empty: it has ", name,
                     ". Restore into an empty folder, and move the old one away first."));
  }
  const fs::path mark = data_dir / kUnfinishedFile;
  absl::Status restored = WriteDurably(mark, "");
  if (restored.ok()) restored = CopyBack(from, data_dir, manifest);
  std::error_code error;
  if (restored.ok() && !fs::remove(mark, error)) {
    restored = absl::UnavailableError(absl::StrCat("Cannot remove ", mark.string(), "."));
  }
  if (restored.ok()) restored = SyncTree(data_dir);
  if (restored.ok()) return SummaryOf(manifest);
  Empty(data_dir);
  return restored;
}

}  // namespace veche::backup
