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

// Reads a file as it comes, one row at a time. Not thread-safe.
class ImportTable {
 public:
  // InvalidArgument when the header has no column "text". `file` must outlive it.
  static absl::StatusOr<ImportTable> Open(std::istream& file);

  // False at the end. Puts the next row into `row`, or what is wrong with it (InvalidArgument; its
  // line is set): reading then goes on with the row after it.
  absl::StatusOr<bool> Next(ImportRow& row);

 private:
  explicit ImportTable(std::istream& file) : file_(&file) {}
  // The cell of the first of `names` that the header has and that is not empty.
  absl::string_view Cell(const std::vector<absl::string_view>& cells,
                         std::initializer_list<absl::string_view> names) const;
  absl::Status Fill(const std::vector<absl::string_view>& cells, ImportRow& row) const;

  std::istream* file_;
  std::map<std::string, size_t, std::less<>> columns_;
  int line_ = 1;
};

}  // namespace veche::appeals
