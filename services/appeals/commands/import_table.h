#pragma once

#include <istream>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "veche/appeals/v1/appeals.pb.h"

// A tab-separated file of another system's appeals, row by row.

namespace veche::appeals {

struct ImportRow {
  int line = 0;        // in the file, from 1
  std::string source;  // the row's own, "" when the file has no such column
  v1::ImportAppealsRequest::Row row;
};

// Reads a file row by row. Not thread-safe.
class ImportTable {
 public:
  // InvalidArgument when the header has no column "text". `file` must outlive it.
  static absl::StatusOr<ImportTable> Open(std::istream& file);

  // Returns false at the end of the file. Puts the next row into `row`, or InvalidArgument with the
  // row's fault (its line is set); reading then continues with the row after it.
  absl::StatusOr<bool> Next(ImportRow& row);

 private:
  explicit ImportTable(std::istream& file) : file_(&file) {}
  // The first cell of the columns `names` that exists and is not empty.
  absl::string_view Cell(const std::vector<absl::string_view>& cells,
                         std::initializer_list<absl::string_view> names) const;
  absl::Status Fill(const std::vector<absl::string_view>& cells, ImportRow& row) const;

  std::istream* file_;
  std::map<std::string, size_t, std::less<>> columns_;
  int line_ = 1;
};

}  // namespace veche::appeals
