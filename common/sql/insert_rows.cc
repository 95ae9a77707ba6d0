#include "common/sql/insert_rows.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace veche::sql {
namespace {

// Few sizes of statements, so that the statement cache keeps them.
constexpr size_t kRowsAtOnce[] = {64, 8, 1};

std::string Statement(absl::string_view insert, size_t columns, size_t rows,
                      absl::string_view tail) {
  std::string text = absl::StrCat(insert, " VALUES ");
  for (size_t row = 0; row < rows; ++row) {
    absl::StrAppend(&text, row == 0 ? "(" : ", (");
    for (size_t column = 0; column < columns; ++column) {
      absl::StrAppend(&text, column == 0 ? "$" : ", $", row * columns + column + 1);
    }
    absl::StrAppend(&text, ")");
  }
  return absl::StrCat(text, tail);
}

}  // namespace

absl::Status InsertRows(Transaction& transaction, absl::string_view insert, size_t columns,
                        std::vector<Value> values, absl::string_view tail) {
  return InsertRowsCounted(transaction, insert, columns, values, tail).status();
}

absl::StatusOr<int64_t> InsertRowsCounted(Transaction& transaction, absl::string_view insert,
                                          size_t columns, absl::Span<const Value> values,
                                          absl::string_view tail) {
  int64_t inserted = 0;
  for (const size_t rows : kRowsAtOnce) {
    const size_t taken = rows * columns;
    if (values.size() < taken) continue;
    const std::string statement = Statement(insert, columns, rows, tail);
    while (values.size() >= taken) {
      ASSIGN_OR_RETURN(const int64_t changed,
                       transaction.ExecuteWith(statement, values.first(taken)));
      inserted += changed;
      values.remove_prefix(taken);
    }
  }
  return inserted;
}

}  // namespace veche::sql
