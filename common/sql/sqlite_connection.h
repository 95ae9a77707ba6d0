#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/sql/checked_transaction.h"
#include "common/sql/value.h"

struct sqlite3;
struct sqlite3_stmt;

namespace veche::sql {

// One SQLite connection with a cache of its prepared statements. For one thread at a time.
class SqliteConnection {
 public:
  enum class Role { kWriter, kReader };

  // `uri` is a file's path or "file:/name?vfs=memdb". The file must exist for a reader; a writer
  // creates it.
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(const std::string& uri, Role role);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  // Runs one statement to its end.
  absl::StatusOr<Outcome> Run(absl::string_view statement, absl::Span<const Value> args);
  // Runs any number of statements without parameters.
  absl::Status Script(const std::string& script);

  // A statement that still runs at `deadline` ends with DeadlineExceeded.
  void SetDeadline(absl::Time deadline) { deadline_ = deadline; }

  // SQLite ends a transaction by itself after some errors (disk full, I/O).
  bool in_transaction() const;
  bool usable() const { return true; }

 private:
  struct Statement;
  using Statements = std::list<Statement>;

  explicit SqliteConnection(sqlite3* handle);
  absl::Status Configure(Role role);
  absl::StatusOr<Statement*> Prepare(absl::string_view text);
  absl::Status Bind(const Statement& statement, absl::Span<const Value> args);
  absl::StatusOr<Outcome> Step(const Statement& statement);
  absl::Status Error(absl::string_view statement) const;

  static int IsLate(void* connection);

  sqlite3* handle_;
  absl::Time deadline_ = absl::InfiniteFuture();
  Statements statements_;  // most recently used first
  absl::flat_hash_map<absl::string_view, Statements::iterator> by_text_;
};

// The status code that callers get for a SQLite (extended) result code.
absl::StatusCode SqliteStatusCode(int result);

// The statements of a reading or writing transaction on a connection. The caller begins and ends
// the transaction.
class SqliteTransaction final : public CheckedTransaction {
 public:
  explicit SqliteTransaction(SqliteConnection& connection) : connection_(connection) {}
  Engine engine() const override { return Engine::kSqlite; }

 private:
  absl::StatusOr<Outcome> DoStatement(absl::string_view statement,
                                      absl::Span<const Value> args) override {
    return connection_.Run(statement, args);
  }
  absl::Status DoScript(absl::string_view script) override;

  SqliteConnection& connection_;
};

}  // namespace veche::sql
