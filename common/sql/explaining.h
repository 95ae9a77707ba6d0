#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/sql/database.h"

// Plans of queries, for tests that check which index serves a list. SQLite only.

namespace veche::sql::testing {

// Explains each SELECT before it runs.
class ExplainingTransaction final : public Transaction {
 public:
  ExplainingTransaction(Transaction& inner, std::vector<std::string>& plans)
      : inner_(inner), plans_(plans) {}

  absl::StatusOr<std::vector<Row>> QueryWith(absl::string_view statement,
                                             absl::Span<const Value> args) override {
    auto plan = inner_.QueryWith(absl::StrCat("EXPLAIN QUERY PLAN ", statement), args);
    if (!plan.ok()) return plan.status();
    std::string text;
    for (const Row& row : *plan) absl::StrAppend(&text, "\n  ", row.Text(3));
    plans_.push_back(absl::StrCat(statement, text));
    return inner_.QueryWith(statement, args);
  }
  absl::StatusOr<int64_t> ExecuteWith(absl::string_view statement,
                                      absl::Span<const Value> args) override {
    return inner_.ExecuteWith(statement, args);
  }
  absl::Status ExecuteScript(absl::string_view script) override {
    return inner_.ExecuteScript(script);
  }
  void OnCommit(std::function<void()> done) override { inner_.OnCommit(std::move(done)); }
  Engine engine() const override { return inner_.engine(); }

 private:
  Transaction& inner_;
  std::vector<std::string>& plans_;
};

// A database that keeps the plans of the statements in its reads: the statement, then a line for
// each step.
class ExplainingDatabase final : public Database {
 public:
  explicit ExplainingDatabase(Database& inner) : inner_(inner) {}
  absl::Status Read(TransactionBody body) override {
    return inner_.Read([&](Transaction& transaction) {
      ExplainingTransaction explaining(transaction, plans);
      return body(explaining);
    });
  }
  absl::Status Write(TransactionBody body) override { return inner_.Write(body); }
  Engine engine() const override { return inner_.engine(); }

  std::vector<std::string> plans;

 private:
  Database& inner_;
};

}  // namespace veche::sql::testing
