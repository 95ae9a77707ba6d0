#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/sql/database.h"

// Helpers that build SQL statements. For storage/ alone.

namespace veche::appeals {

// "$first, …" for `count` parameters.
std::string Parameters(size_t first, size_t count);

// For "IN (…)" over lists of any length with few different statements: the list is padded to a
// power of two by its last element. REQUIRES: `values` is not empty.
std::vector<sql::Value> PadToPowerOfTwo(std::vector<sql::Value> values);

// A SELECT that is built from conditions; values are bound, never inserted into the text.
class Statement {
 public:
  explicit Statement(std::string select) : text_(std::move(select)) {}

  // Binds a value and returns its parameter.
  std::string Bind(sql::Value value) {
    args_.push_back(std::move(value));
    return absl::StrCat("$", args_.size());
  }
  Statement& And(absl::string_view condition) {
    absl::StrAppend(&text_, conditions_++ == 0 ? " WHERE " : " AND ", condition);
    return *this;
  }
  Statement& And(absl::string_view column, absl::string_view op, sql::Value value) {
    return And(absl::StrCat(column, " ", op, " ", Bind(std::move(value))));
  }
  Statement& AndIn(absl::string_view column, std::vector<sql::Value> values) {
    const std::string list = Parameters(args_.size() + 1, values.size());
    for (sql::Value& value : values) args_.push_back(std::move(value));
    return And(absl::StrCat(column, " IN (", list, ")"));
  }
  Statement& Append(absl::string_view text) {
    absl::StrAppend(&text_, text);
    return *this;
  }

  size_t conditions() const { return conditions_; }
  const std::string& text() const { return text_; }

  absl::StatusOr<std::vector<sql::Row>> Query(sql::Transaction& transaction) const {
    return transaction.QueryWith(text_, args_);
  }

 private:
  std::string text_;
  std::vector<sql::Value> args_;
  size_t conditions_ = 0;
};

}  // namespace veche::appeals
