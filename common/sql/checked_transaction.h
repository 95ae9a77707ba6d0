#pragma once

#include <exception>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/sql/database.h"

namespace veche::sql {

// The result of one statement.
struct Outcome {
  std::vector<Row> rows;
  // Rows that the statement inserted, updated or deleted.
  int64_t changed = 0;
};

// The rules of a transaction that do not depend on the engine: the first failed statement fails the
// transaction, as in PostgreSQL, so that a body that passes on SQLite passes on PostgreSQL too. Not
// thread-safe.
class CheckedTransaction : public Transaction {
 public:
  absl::StatusOr<std::vector<Row>> QueryWith(absl::string_view statement,
                                             absl::Span<const Value> args) final {
    absl::StatusOr<Outcome> outcome = Run(statement, args);
    if (!outcome.ok()) return outcome.status();
    return std::move(outcome->rows);
  }
  absl::StatusOr<int64_t> ExecuteWith(absl::string_view statement,
                                      absl::Span<const Value> args) final {
    absl::StatusOr<Outcome> outcome = Run(statement, args);
    if (!outcome.ok()) return outcome.status();
    return outcome->changed;
  }
  absl::Status ExecuteScript(absl::string_view script) final {
    if (failure_.ok()) failure_ = DoScript(script);
    return failure_;
  }
  void OnCommit(std::function<void()> done) final { on_commit_.push_back(std::move(done)); }

  // The first failed statement's status, OK when there is none.
  const absl::Status& failure() const { return failure_; }
  std::vector<std::function<void()>> TakeOnCommit() { return std::move(on_commit_); }

 protected:
  virtual absl::StatusOr<Outcome> DoStatement(absl::string_view statement,
                                              absl::Span<const Value> args) = 0;
  virtual absl::Status DoScript(absl::string_view script) = 0;

 private:
  absl::StatusOr<Outcome> Run(absl::string_view statement, absl::Span<const Value> args) {
    if (!failure_.ok()) return failure_;
    absl::StatusOr<Outcome> outcome = DoStatement(statement, args);
    if (!outcome.ok()) failure_ = outcome.status();
    return outcome;
  }

  absl::Status failure_;
  std::vector<std::function<void()>> on_commit_;
};

// Runs `body`. Returns the error of `body` or else the error of a statement that `body` ignored.
inline absl::Status RunBody(TransactionBody body, CheckedTransaction& transaction) {
  absl::Status status = body(transaction);
  return status.ok() ? transaction.failure() : status;
}

// Refuses a transaction inside a transaction of the same database on one thread: the inner
// transaction would wait for the outer one.
class NoNesting {
 public:
  explicit NoNesting(const Database* database) : outer_(current_) { current_ = database; }
  ~NoNesting() { current_ = outer_; }
  NoNesting(const NoNesting&) = delete;
  NoNesting& operator=(const NoNesting&) = delete;

  static absl::Status Check(const Database* database) {
    if (current_ != database) return absl::OkStatus();
    return absl::InternalError("A transaction was begun inside another one.");
  }

 private:
  static inline thread_local const Database* current_ = nullptr;
  const Database* outer_;
};

}  // namespace veche::sql
