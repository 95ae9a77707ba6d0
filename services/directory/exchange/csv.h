#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/error.h"

// Comma-separated values (RFC 4180). Pure; thread-safe.

namespace veche::directory {

struct CsvRow {
  int line = 0;  // of the file, from 1, where the row begins
  std::vector<std::string> cells;
};

// The rows of `text`, without empty lines. Cells are separated by the comma, semicolon or tab that
// the first line has most of, as spreadsheets of different languages write it. Lines end with LF or
// CRLF. A quote that is never closed, or text behind a closing quote, adds the violation
// "lines[{line}]" and ends the reading.
std::vector<CsvRow> ParseCsv(absl::string_view text, Violations& violations);

// Appends a row with commas and CRLF; quotes the cells that need it.
void AppendCsvRow(absl::Span<const std::string> cells, std::string& csv);

}  // namespace veche::directory
