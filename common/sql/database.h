#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/embedded_file.h"
#include "common/sql/notifier.h"
#include "common/sql/value.h"

namespace veche::sql {

enum class Engine { kSqlite, kPostgres };

// One database transaction. Not thread-safe. Valid only inside the function to which it is passed,
// on that function's thread.
//
// One text of a statement serves both engines. Parameters are `$1`, …, always bound, never spliced
// into the text.
//
// Errors: AlreadyExists (unique key), FailedPrecondition (check, foreign key, not null), Aborted
// (serialisation, deadlock: Database runs the whole function again), ResourceExhausted (disk full),
// Unavailable (no connection, busy), DeadlineExceeded (the statement takes too long),
// InvalidArgument (a text with NUL, a value that does not fit its column), Internal (a wrong
// statement). The first failed statement fails the transaction: later statements return the same
// error, and nothing is committed even if the function returns OK. Write ON CONFLICT where a
// conflict is expected.
class Transaction {
 public:
  virtual ~Transaction() = default;

  // Runs a statement that returns rows; all of them are read.
  template <typename... Args>
  absl::StatusOr<std::vector<Row>> Query(absl::string_view statement, Args&&... args) {
    const std::array<Value, sizeof...(Args)> values{Value(std::forward<Args>(args))...};
    return QueryWith(statement, values);
  }

  // Runs a statement and returns how many rows it changed.
  template <typename... Args>
  absl::StatusOr<int64_t> Execute(absl::string_view statement, Args&&... args) {
    const std::array<Value, sizeof...(Args)> values{Value(std::forward<Args>(args))...};
    return ExecuteWith(statement, values);
  }

  virtual absl::StatusOr<std::vector<Row>> QueryWith(absl::string_view statement,
                                                     absl::Span<const Value> args) = 0;
  virtual absl::StatusOr<int64_t> ExecuteWith(absl::string_view statement,
                                              absl::Span<const Value> args) = 0;

  // Runs a whole migration: any number of statements without parameters.
  virtual absl::Status ExecuteScript(absl::string_view script) = 0;

  // Calls `done` on an unspecified thread after this transaction is durable, never when it rolls
  // back. `done` must return quickly: use it to wake a waiting thread.
  virtual void OnCommit(std::function<void()> done) = 0;

  // For the few statements that have no common form.
  virtual Engine engine() const = 0;
};

using TransactionBody = absl::FunctionRef<absl::Status(Transaction&)>;

// A service's own database. Both engines refuse (Internal) a transaction inside another one of the
// same database. Thread-safe.
class Database {
 public:
  virtual ~Database() = default;

  // Runs `body` on one snapshot; `body` must not write. Many bodies run at once, each on its
  // caller's thread. In PostgreSQL `body` may run more than once, as in Write. Returns the status
  // of `body` or of its first failed statement; ResourceExhausted (DATABASE_BUSY) when too many
  // callers wait for a connection.
  virtual absl::Status Read(TransactionBody body) = 0;

  // Runs `body`. Commits its changes when `body` returns OK; otherwise rolls all of them back and
  // returns the status. When Write returns OK the changes are durable. `body` may run on another
  // thread and more than once (after an Aborted of the database, but not after an Aborted that
  // `body` itself makes; in SQLite when another body of its group fails). So `body` must not wait
  // for anything but its statements, nor begin another transaction. In SQLite one writer commits
  // all waiting bodies as one group; a body that fails is rolled back alone.
  // ResourceExhausted when too many wait; Unavailable when the connection was lost, in which case
  // the commit may have happened.
  virtual absl::Status Write(TransactionBody body) = 0;

  // The same for changes that no user waits for. In SQLite `body` lets all bodies of Write go
  // first, for a tenth of a second at most.
  virtual absl::Status WriteInBackground(TransactionBody body) { return Write(body); }

  // Connects this process with the others on the same database that opened the same `channel`, a
  // short name: `listener` is called, on an unspecified thread, after each Notify of another
  // process. Null when no other process can use the database (SQLite). The notifier may outlive the
  // database.
  virtual std::unique_ptr<Notifier> OpenNotifier(absl::string_view channel,
                                                 const std::function<void()>& listener) {
    return nullptr;
  }

  virtual Engine engine() const = 0;
};

struct SqliteOptions {
  std::string path;  // ":memory:" for a private one in memory, shared by its connections
  int readers = 4;   // reading connections
  int max_waiting_writes = 4096;                    // beyond: ResourceExhausted
  absl::Duration read_timeout = absl::Seconds(10);  // of a Read; beyond: DeadlineExceeded
};
// Opens (and creates) a SQLite database: WAL, synchronous=FULL.
absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const SqliteOptions& options);

struct PostgresOptions {
  std::string connection;  // libpq connection string
  std::string schema;      // created when missing; the service's tables live here
  int connections = 8;     // most connections; at least 1
  int max_waiting = 4096;  // callers that wait for a connection; beyond: ResourceExhausted
};
// Opens a PostgreSQL database. Connects when a connection is first needed, and again after a loss.
// InvalidArgument without connections.
absl::StatusOr<std::unique_ptr<Database>> OpenPostgres(const PostgresOptions& options);

// Applies the migrations that the database does not have, in order of their names
// ("0001_appeals.sql"), each in a transaction. A file "0002_x.sqlite.sql" or "0002_x.postgres.sql"
// is for one engine alone. Several processes may migrate at once: one does, the others wait for it.
// FailedPrecondition when the database has a migration that this program does not know (a newer
// program made it) or an applied file was edited; InvalidArgument when two files have one name or a
// name has another form; Unavailable when a table stays locked by others for longer than
// `options.patience`.
struct MigrateOptions {
  // PostgreSQL: a migration that waits longer for a table gives way and tries again, because all
  // who come later wait behind it.
  absl::Duration lock_timeout = absl::Seconds(2);
  absl::Duration patience = absl::Minutes(5);
};
absl::Status Migrate(Database& database, absl::Span<const EmbeddedFile> migrations,
                     const MigrateOptions& options = {});
// The same for several sources at once: Migrate(database, {events::Migrations(), Migrations()}).
// A database is always given all its migrations in one call.
absl::Status Migrate(Database& database, absl::Span<const absl::Span<const EmbeddedFile>> sources,
                     const MigrateOptions& options = {});

}  // namespace veche::sql
