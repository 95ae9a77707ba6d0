#include "common/sql/bulk_insert.h"

#include <string>
#include <variant>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/sql/insert_rows.h"

namespace veche::sql {
namespace {

// An element of an array in PostgreSQL's text form.
struct AppendElement {
  std::string& array;
  void operator()(std::monostate) const { array.append("NULL"); }
  void operator()(int64_t value) const { absl::StrAppend(&array, value); }
  void operator()(double value) const { absl::StrAppendFormat(&array, "%.17g", value); }
  void operator()(bool value) const { array.append(value ? "t" : "f"); }
  void operator()(const std::string& value) const {
    array.push_back('"');
    for (const char c : value) {
      if (c == '"' || c == '\\') array.push_back('\\');
      array.push_back(c);
    }
    array.push_back('"');
  }
  void operator()(const Blob& value) const {
    absl::StrAppend(&array, "\"\\\\x", absl::BytesToHexString(value.bytes), "\"");
  }
};

std::string ArrayOf(absl::Span<const Value> values, size_t column, size_t columns) {
  std::string array = "{";
  array.reserve(values.size() / columns * 16);
  for (size_t i = column; i < values.size(); i += columns) {
    if (i != column) array.push_back(',');
    std::visit(AppendElement{array}, values[i].variant());
  }
  array.push_back('}');
  return array;
}

std::string Names(absl::Span<const BulkColumn> columns) {
  return absl::StrJoin(columns, ", ", [](std::string* out, const BulkColumn& column) {
    absl::StrAppend(out, column.name);
  });
}

}  // namespace

absl::StatusOr<int64_t> BulkInsert(Transaction& transaction, absl::string_view table,
                                   absl::Span<const BulkColumn> columns,
                                   absl::Span<const Value> values, absl::string_view tail) {
  if (values.empty()) return 0;
  const std::string names = Names(columns);
  const std::string insert = absl::StrCat("INSERT INTO ", table, " (", names, ")");
  if (transaction.engine() == Engine::kSqlite) {
    return InsertRowsCounted(transaction, insert, columns.size(), values, tail);
  }
  std::string arrays;
  std::vector<Value> arguments;
  arguments.reserve(columns.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    absl::StrAppend(&arrays, i == 0 ? "" : ", ", "CAST($", i + 1, " AS ", columns[i].type, "[])");
    arguments.emplace_back(ArrayOf(values, i, columns.size()));
  }
  return transaction.ExecuteWith(absl::StrCat(insert, " SELECT ", names, " FROM unnest(", arrays,
                                              ") AS batch (", names, ")", tail),
                                 arguments);
}

}  // namespace veche::sql
