#include "common/sql/sqlite_snapshot.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/sql/sqlite_connection.h"

namespace veche::sql {
namespace {

// Below the busy timeout of the services' writers (SqliteConnection), which wait meanwhile.
constexpr absl::Duration kLongestHold = absl::Seconds(1);
constexpr int kPagesAtOnce = 4096;

absl::Status Error(sqlite3* handle, const std::filesystem::path& file) {
  return absl::Status(SqliteStatusCode(sqlite3_extended_errcode(handle)),
                      absl::StrCat(file.string(), ": ", sqlite3_errmsg(handle)));
}

absl::Status Execute(sqlite3* handle, const char* script, const std::filesystem::path& file) {
  if (sqlite3_exec(handle, script, nullptr, nullptr, nullptr) == SQLITE_OK) return absl::OkStatus();
  return Error(handle, file);
}

// Asks again until a deadline. A busy service commits group after group, and its pauses are shorter
// than those of SQLite's own busy handler.
int AskAgain(void* deadline, int) {
  if (absl::Now() > *static_cast<const absl::Time*>(deadline)) return 0;
  sqlite3_sleep(1);
  return 1;
}

absl::Status CheckCopy(sqlite3* copy, const std::filesystem::path& file) {
  // The copy is on its own: it needs no log beside it.
  RETURN_IF_ERROR(Execute(copy, "PRAGMA journal_mode=DELETE", file));
  std::string answer;
  const auto read = [](void* to, int, char** values, char**) {
    absl::StrAppend(static_cast<std::string*>(to), values[0] == nullptr ? "" : values[0], " ");
    return 0;
  };
  if (sqlite3_exec(copy, "PRAGMA quick_check(3)", read, &answer, nullptr) != SQLITE_OK) {
    return Error(copy, file);
  }
  if (answer == "ok ") return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("The database ", file.string(), " is damaged: ", answer));
}

}  // namespace

void SqliteSnapshot::Close::operator()(sqlite3* handle) const { sqlite3_close(handle); }

SqliteSnapshot::~SqliteSnapshot() = default;

absl::StatusOr<SqliteSnapshot::Handle> SqliteSnapshot::Open(const std::filesystem::path& file,
                                                            int flags) {
  sqlite3* opened = nullptr;
  const int result = sqlite3_open_v2(
      file.c_str(), &opened,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | flags, nullptr);
  Handle handle(opened);
  if (result == SQLITE_OK) return handle;
  return absl::Status(SqliteStatusCode(result),
                      absl::StrCat("Cannot open ", file.string(), ": ", sqlite3_errstr(result)));
}

absl::StatusOr<std::unique_ptr<SqliteSnapshot>> SqliteSnapshot::Take(
    std::vector<std::filesystem::path> files, absl::Duration patience) {
  std::unique_ptr<SqliteSnapshot> snapshot(new SqliteSnapshot(std::move(files)));
  RETURN_IF_ERROR(snapshot->OpenReaders());
  std::vector<Handle> writers;
  for (const std::filesystem::path& file : snapshot->files_) {
    ASSIGN_OR_RETURN(Handle writer, Open(file, 0));
    writers.push_back(std::move(writer));
  }
  const absl::Time give_up = absl::Now() + patience;
  while (true) {
    const absl::Status begun = snapshot->Begin(writers);
    if (begun.ok()) return snapshot;
    if (!absl::IsUnavailable(begun) || absl::Now() > give_up) return begun;
  }
}

absl::Status SqliteSnapshot::OpenReaders() {
  for (const std::filesystem::path& file : files_) {
    ASSIGN_OR_RETURN(Handle reader, Open(file, 0));
    sqlite3_busy_timeout(reader.get(), static_cast<int>(absl::ToInt64Milliseconds(kLongestHold)));
    // Reads the file's header, so that a file that is no database is found before others wait.
    RETURN_IF_ERROR(Execute(reader.get(), "SELECT COUNT(*) FROM sqlite_schema", file));
    readers_.push_back(std::move(reader));
  }
  return absl::OkStatus();
}

absl::Status SqliteSnapshot::Begin(absl::Span<const Handle> writers) {
  absl::Time deadline = absl::Now() + kLongestHold;
  const absl::Cleanup release = [&] {
    for (const Handle& writer : writers) {
      sqlite3_busy_handler(writer.get(), nullptr, nullptr);
      if (sqlite3_get_autocommit(writer.get()) == 0) {
        sqlite3_exec(writer.get(), "ROLLBACK", nullptr, nullptr, nullptr);
      }
    }
  };
  for (size_t i = 0; i < files_.size(); ++i) {
    sqlite3_busy_handler(writers[i].get(), &AskAgain, &deadline);
    RETURN_IF_ERROR(Execute(writers[i].get(), "BEGIN IMMEDIATE", files_[i]));
  }
  for (size_t i = 0; i < files_.size(); ++i) {
    sqlite3* reader = readers_[i].get();
    if (sqlite3_get_autocommit(reader) == 0)
      RETURN_IF_ERROR(Execute(reader, "ROLLBACK", files_[i]));
    // A transaction sees the database as of its first read.
    RETURN_IF_ERROR(Execute(reader, "BEGIN; SELECT COUNT(*) FROM sqlite_schema", files_[i]));
  }
  return absl::OkStatus();
}

absl::Status SqliteSnapshot::CopyTo(size_t i, const std::filesystem::path& target) {
  // Created here, so that only the owner of the process may read it.
  const int file = ::open(target.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("Cannot create ", target.string(), ": ", std::strerror(errno)));
  }
  ::close(file);
  ASSIGN_OR_RETURN(const Handle copy, Open(target, 0));
  sqlite3_backup* backup = sqlite3_backup_init(copy.get(), "main", readers_[i].get(), "main");
  if (backup == nullptr) return Error(copy.get(), target);
  while (sqlite3_backup_step(backup, kPagesAtOnce) == SQLITE_OK) {
  }
  if (sqlite3_backup_finish(backup) != SQLITE_OK) return Error(copy.get(), target);
  readers_[i].reset();
  return CheckCopy(copy.get(), target);
}

}  // namespace veche::sql
