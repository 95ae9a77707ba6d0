#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace veche::classification {

struct TableRow {
  size_t line = 0;                 // from 1, the header included
  std::vector<std::string> cells;  // in the order of the requested columns
};

struct Table {
  std::vector<TableRow> rows;
};

// Reads the columns `columns`, in any order, of tab-separated text with a header line. Skips empty
// lines and ignores a carriage return at the end of a line. InvalidArgument with the name of a
// missing column, or the line in which a cell is missing.
absl::StatusOr<Table> ParseTable(absl::string_view text,
                                 absl::Span<const absl::string_view> columns);

// Whether the header line has the column.
bool HasColumn(absl::string_view text, absl::string_view column);

// "line 7: …"
absl::Status LineError(size_t line, absl::string_view problem);

}  // namespace veche::classification
