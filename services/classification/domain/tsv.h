#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace veche::classification {

struct TableRow {
  size_t line = 0;                 // from 1, the header included
  std::vector<std::string> cells;  // in the order asked for
};

struct Table {
  std::vector<TableRow> rows;
};

// Reads tab-separated text under a header line and keeps `columns`, wherever they stand. Empty
// lines are left out; a carriage return at the end of a line is ignored. InvalidArgument naming the
// line or the column when one is missing.
absl::StatusOr<Table> ParseTable(absl::string_view text,
                                 absl::Span<const absl::string_view> columns);

// Whether the header line of what ParseTable reads names the column.
bool HasColumn(absl::string_view text, absl::string_view column);

// "line 7: …"
absl::Status LineError(size_t line, absl::string_view problem);

}  // namespace veche::classification
