#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"

namespace veche::sql {

// A column of BulkInsert.
struct BulkColumn {
  absl::string_view name;
  absl::string_view type;  // as in CREATE TABLE
};

// Inserts many rows at once and returns how many were inserted: "INSERT INTO <table> (…) <rows>
// <tail>". On PostgreSQL one statement takes an array for each column, several times as fast as
// InsertRows; on SQLite this is InsertRows. `values` are those of the first row, of the second, and
// so on. For batches of hundreds of rows; a batch is one statement, which must end in ten seconds.
absl::StatusOr<int64_t> BulkInsert(Transaction& transaction, absl::string_view table,
                                   absl::Span<const BulkColumn> columns,
                                   absl::Span<const Value> values, absl::string_view tail = "");

}  // namespace veche::sql
