#include "services/classification/domain/tsv.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/text/utf8.h"

namespace veche::classification {

absl::Status LineError(size_t line, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", problem));
}

bool HasColumn(absl::string_view text, absl::string_view column) {
  const size_t start = text.find_first_not_of("\xEF\xBB\xBF\r\n");
  if (start == absl::string_view::npos) return false;
  text.remove_prefix(start);
  return ParseTable(text.substr(0, text.find('\n')), {column}).ok();
}

absl::StatusOr<Table> ParseTable(absl::string_view text,
                                 absl::Span<const absl::string_view> columns) {
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  Table table;
  std::vector<size_t> places;
  size_t line_number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++line_number;
    absl::ConsumeSuffix(&line, "\r");
    if (line.empty()) continue;
    if (!text::IsValidUtf8(line)) return LineError(line_number, "is not valid UTF-8");
    const std::vector<absl::string_view> cells = absl::StrSplit(line, '\t');
    if (places.empty()) {
      for (absl::string_view column : columns) {
        const auto place = std::find(cells.begin(), cells.end(), column);
        if (place == cells.end()) {
          return LineError(line_number, absl::StrCat("the header has no column \"", column, "\""));
        }
        places.push_back(static_cast<size_t>(place - cells.begin()));
      }
      continue;
    }
    TableRow row = {.line = line_number, .cells = {}};
    for (size_t place : places) {
      if (place >= cells.size()) {
        return LineError(line_number, absl::StrCat("has ", cells.size(), " columns, at least ",
                                                   place + 1, " are needed"));
      }
      row.cells.emplace_back(cells[place]);
    }
    table.rows.push_back(std::move(row));
  }
  if (places.empty()) return absl::InvalidArgumentError("there is no header line");
  return table;
}

}  // namespace veche::classification
