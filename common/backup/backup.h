#pragma once

#include <cstdint>
#include <filesystem>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace veche::backup {

// What a backup or a restored folder has.
struct Summary {
  absl::Time time;  // of the moment that the backup shows
  int64_t files = 0;
  int64_t bytes = 0;
};

// Backs the data folder `data_dir` up into the folder `to`, which is empty or does not exist; a
// running program may be using the data folder. The backup has the databases as of one moment
// (sql::SqliteSnapshot), the keys, the attachments and all other files, each readable by its owner
// only, and a manifest. A file that is deleted meanwhile is left out: files are deleted only when
// nothing refers to them.
//
// FailedPrecondition when `data_dir` has no database or `to` has files; DataLoss when a database is
// damaged; Unavailable or ResourceExhausted when the file system refuses. After an error `to` is
// empty again.
absl::StatusOr<Summary> Backup(const std::filesystem::path& data_dir,
                               const std::filesystem::path& to, absl::Time now);

// Verifies the backup in `from` completely: every file of the manifest with its size and hash, and
// no other file. DataLoss, naming the file, for a truncated or altered backup; NotFound when there
// is no manifest.
absl::StatusOr<Summary> Verify(const std::filesystem::path& from);

// A file that marks a folder whose restoring is not finished.
inline constexpr char kUnfinishedFile[] = "restore-unfinished";

// Verifies the backup in `from` and then restores it into `data_dir`, which the caller has locked
// and which has nothing but the lock, or what an unfinished Restore left. Errors: those of Verify,
// before anything is written; FailedPrecondition when `data_dir` has files; Unavailable or
// ResourceExhausted when the file system refuses: `data_dir` is then empty again. When the process
// is killed, kUnfinishedFile stays.
absl::StatusOr<Summary> Restore(const std::filesystem::path& from,
                                const std::filesystem::path& data_dir);

}  // namespace veche::backup
