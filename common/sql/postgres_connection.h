#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/sql/checked_transaction.h"
#include "common/sql/deadline.h"
#include "common/sql/value.h"

struct pg_conn;
struct pg_result;

namespace veche::sql {

// The limit of a statement that has no earlier deadline.
constexpr absl::Duration kStatementTimeout = absl::Seconds(10);

// The status code that callers get for a SQLSTATE.
absl::StatusCode PostgresStatusCode(absl::string_view sqlstate);

// `name` as an identifier in a statement.
std::string QuotedName(absl::string_view name);

// One PostgreSQL connection with a cache of its prepared statements. For one thread at a time.
class PostgresConnection {
 public:
  // Connects, creates `schema` when it is missing and makes it the search path.
  static absl::StatusOr<std::unique_ptr<PostgresConnection>> Open(const std::string& connection,
                                                                  const std::string& schema);
  ~PostgresConnection();
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  // From now on a server that does not answer until a second after `deadline` counts as lost. The
  // server ends statements by itself before (statement_timeout), unless it is frozen.
  void SetDeadline(absl::Time deadline) { deadline_ = deadline; }

  // Runs one statement, which is prepared at its first use.
  absl::StatusOr<Outcome> Run(absl::string_view statement, absl::Span<const Value> args);
  // Runs any number of statements without parameters, unprepared.
  absl::Status Script(const std::string& script);
  // Commits. Unavailable when the connection is lost meanwhile: the outcome is unknown.
  absl::Status Commit();
  // Ends the transaction if there is one.
  void Rollback();

  bool lost() const;
  bool used = false;  // by a transaction; the server may have stopped since then
  // False when the connection must not be used again: it is lost or still inside a transaction.
  bool usable() const;

 private:
  struct Statement {
    std::string text;
    std::string name;
  };
  using Statements = std::list<Statement>;

  explicit PostgresConnection(pg_conn* handle) : handle_(handle) {}
  absl::Status Configure(const std::string& schema);
  absl::StatusOr<const Statement*> Prepare(absl::string_view text);
  // The last result of what was sent; null when there is no answer.
  pg_result* Answer();
  // False at the deadline.
  bool WaitForInput();
  absl::Status Check(const pg_result* result, absl::string_view statement);
  void ForgetStatements();

  pg_conn* handle_;
  absl::Time deadline_ = absl::InfiniteFuture();
  bool silent_ = false;    // the server did not answer in time
  int64_t prepared_ = 0;   // numbers the names of prepared statements
  bool forget_ = false;    // the server's plans are stale
  Statements statements_;  // most recently used first
  absl::flat_hash_map<absl::string_view, Statements::iterator> by_text_;
};

// The statements of a transaction on a connection. The caller begins and ends the transaction. No
// statement begins after `deadline`.
class PostgresTransaction final : public CheckedTransaction {
 public:
  PostgresTransaction(PostgresConnection& connection, absl::Time deadline)
      : connection_(connection), deadline_(deadline) {}
  Engine engine() const override { return Engine::kPostgres; }

 private:
  absl::StatusOr<Outcome> DoStatement(absl::string_view statement,
                                      absl::Span<const Value> args) override {
    if (absl::Status late = CheckDeadline(deadline_); !late.ok()) return late;
    return connection_.Run(statement, args);
  }
  absl::Status DoScript(absl::string_view script) override {
    return connection_.Script(std::string(script));
  }

  PostgresConnection& connection_;
  const absl::Time deadline_;
};

}  // namespace veche::sql
