#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

struct sqlite3;

namespace veche::sql {

// SQLite databases as they were at one moment, which another process may be using. For one thread
// at a time.
//
// The moment is one of all databases together: for some milliseconds no process can commit in any
// of them. So the copies are what kill -9 of all processes would have left: no follower of an event
// log is ahead of the log, and no row refers to one of another database that is not there yet.
class SqliteSnapshot {
 public:
  // Files in WAL mode, which must exist. Unavailable when a writer leaves no gap for `patience`.
  static absl::StatusOr<std::unique_ptr<SqliteSnapshot>> Take(
      std::vector<std::filesystem::path> files, absl::Duration patience = absl::Seconds(30));
  ~SqliteSnapshot();

  const std::vector<std::filesystem::path>& files() const { return files_; }

  // Copies the database `files()[i]` to the file `target`, which must not exist, checks the copy
  // (DataLoss when it is damaged) and lets this database go. Call it once for each.
  absl::Status CopyTo(size_t i, const std::filesystem::path& target);

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  using Handle = std::unique_ptr<sqlite3, Close>;

  explicit SqliteSnapshot(std::vector<std::filesystem::path> files) : files_(std::move(files)) {}
  static absl::StatusOr<Handle> Open(const std::filesystem::path& file, int flags);
  absl::Status OpenReaders();
  // Holds up all writers, lets the readers begin, and releases the writers. Unavailable when a
  // writer left no gap.
  absl::Status Begin(absl::Span<const Handle> writers);

  const std::vector<std::filesystem::path> files_;
  std::vector<Handle> readers_;  // each in a transaction
};

}  // namespace veche::sql
