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
#include "common/sql/value.h"

namespace veche::sql {

enum class Engine { kSqlite, kPostgres };

// What runs inside one database transaction. Only valid inside the function it is passed to, on
// that function's thread.
//
// Statements are written once for both engines: `$1` parameters, always bound, never spliced.
// Errors: AlreadyExists (unique key), FailedPrecondition (check, foreign key, not null), Aborted
// (serialisation, deadlock: Database tries the whole function again), ResourceExhausted (disk
// full), Unavailable (no connection, busy), DeadlineExceeded (it takes too long), InvalidArgument
// (a text with NUL, a value that does not fit its column), Internal (a wrong statement). The first
// failed statement loses the transaction: later ones give the same error, and nothing of it is
// committed even if the function returns OK. Say ON CONFLICT where a conflict is expected.
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

  // Calls `done` after this transaction is durable, on an unspecified thread, never when it rolls
  // back. It must be quick: it wakes somebody up.
  virtual void OnCommit(std::function<void()> done) = 0;

  // For the few places that have no common form.
  virtual Engine engine() const = 0;
};

using TransactionBody = absl::FunctionRef<absl::Status(Transaction&)>;

// A service's own database. Thread-safe.
class Database {
 public:
  virtual ~Database() = default;

  // Runs `body` on one snapshot; it must not write. Many run at once.
  virtual absl::Status Read(TransactionBody body) = 0;

  // Runs `body` and commits what it did when it returns OK, rolls all of it back otherwise and
  // returns its status. When this returns OK the changes are durable. `body` may run more than once
  // (after the database's own Aborted, one that `body` makes itself being final; in SQLite when
  // another body of its group fails) and on another thread: it must not wait for anything but its
  // statements, nor begin another transaction. In SQLite one writer commits all waiting bodies as
  // one group; one that fails is rolled back alone.
  // ResourceExhausted when too many wait; Unavailable when the connection was lost, in which case
  // the commit may have happened.
  virtual absl::Status Write(TransactionBody body) = 0;

  // The same for what nobody waits for. In SQLite it goes behind all that somebody waits for, a
  // tenth of a second at most.
  virtual absl::Status WriteInBackground(TransactionBody body) { return Write(body); }

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
  int connections = 8;
  int max_waiting = 4096;
};
// Connects lazily and again after a loss.
absl::StatusOr<std::unique_ptr<Database>> OpenPostgres(const PostgresOptions& options);

// Applies the migrations that the database does not have, in order of their names
// ("0001_appeals.sql"), each in a transaction. A file "0002_x.sqlite.sql" or "0002_x.postgres.sql"
// is for one engine alone. Two processes may do it at once. FailedPrecondition when the database is
// newer than this program.
absl::Status Migrate(Database& database, absl::Span<const EmbeddedFile> migrations);
// The same for several sources at once: Migrate(database, {events::Migrations(), Migrations()}).
// A database is always given all its migrations in one call.
absl::Status Migrate(Database& database, absl::Span<const absl::Span<const EmbeddedFile>> sources);

}  // namespace veche::sql
