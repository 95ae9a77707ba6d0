#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche::directory {

// A file of tab-separated columns under a header line. Empty lines and lines that begin with '#'
// are skipped. Errors are InvalidArgument (IMPORT_FILE_INVALID).
class Table {
 public:
  // An error names a column that appears twice, or a line with more cells than the header.
  static absl::StatusOr<Table> Parse(absl::string_view text);

  size_t size() const { return rows_.size(); }  // rows, without the header
  // The cell without surrounding blanks; "" when the file has no such column.
  absl::string_view Get(size_t row, absl::string_view column) const;
  // The row's line in the file, from 1.
  int Line(size_t row) const { return rows_[row].line; }
  bool Has(absl::string_view column) const { return columns_.contains(std::string(column)); }
  // "tt" for each column "title_tt".
  const std::vector<std::string>& title_languages() const { return title_languages_; }
  // An error names the columns that are missing.
  absl::Status Require(const std::vector<absl::string_view>& columns) const;

 private:
  struct TableRow {
    int line;
    std::vector<std::string> cells;
  };
  absl::flat_hash_map<std::string, size_t> columns_;
  std::vector<std::string> title_languages_;
  std::vector<TableRow> rows_;
};

}  // namespace veche::directory
