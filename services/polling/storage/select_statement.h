#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"

namespace veche::polling {

// A statement that is built from conditions; values are bound, never inserted into the text. For
// storage/ alone.
class SelectStatement {
 public:
  explicit SelectStatement(std::string select) : text_(std::move(select)) {}

  // Binds a value and returns its parameter.
  std::string Bind(sql::Value value) {
    args_.push_back(std::move(value));
    return absl::StrCat("$", args_.size());
  }
  SelectStatement& And(absl::string_view condition) {
    absl::StrAppend(&text_, conditions_++ == 0 ? " WHERE " : " AND ", condition);
    return *this;
  }
  SelectStatement& And(absl::string_view column, absl::string_view op, sql::Value value) {
    return And(absl::StrCat(column, " ", op, " ", Bind(std::move(value))));
  }
  // The list is padded by its last value to a power of two, so that there are few different
  // statements. REQUIRES: `values` is not empty.
  SelectStatement& AndIn(absl::string_view column, absl::Span<const std::string> values) {
    size_t size = 1;
    while (size < values.size()) size *= 2;
    std::string list;
    for (size_t i = 0; i < size; ++i) {
      absl::StrAppend(&list, i == 0 ? "" : ", ",
                      Bind(i < values.size() ? values[i] : values.back()));
    }
    return And(absl::StrCat(column, " IN (", list, ")"));
  }
  SelectStatement& Append(absl::string_view text) {
    absl::StrAppend(&text_, text);
    return *this;
  }

  absl::StatusOr<std::vector<sql::Row>> Query(sql::Transaction& transaction) const {
    return transaction.QueryWith(text_, args_);
  }

 private:
  std::string text_;
  std::vector<sql::Value> args_;
  size_t conditions_ = 0;
};

}  // namespace veche::polling
