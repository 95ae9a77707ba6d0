#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "veche/directory/v1/directory.pb.h"

// Files that an operator imports, turned into requests. Pure functions; the service checks what the
// rows say, these only what it takes to read them. Errors are InvalidArgument with reason
// IMPORT_FILE_INVALID and a message that names the line or feature.

namespace veche::directory {

// A file of tab-separated columns with a header; empty lines and lines that begin with '#' are
// skipped.
class Table {
 public:
  static absl::StatusOr<Table> Parse(absl::string_view text);

  size_t size() const { return rows_.size(); }
  // The cell without surrounding blanks; "" when the file has no such column.
  absl::string_view Get(size_t row, absl::string_view column) const;
  int Line(size_t row) const { return rows_[row].line; }
  bool Has(absl::string_view column) const { return columns_.contains(std::string(column)); }
  // "tt" for each column "title_tt".
  const std::vector<std::string>& title_languages() const { return title_languages_; }
  // InvalidArgument that names the columns that are missing.
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

// What a file asks for, and where each row of the request stands in the file ("line 4").
struct ImportFile {
  v1::ImportDirectoryRequest request;
  std::vector<std::string> places;
};

// A GeoJSON FeatureCollection. The id is the feature's or its property "id"; a leading city name
// ("kazan-" where the property "city" is "Kazan") is dropped. Titles are the properties "title",
// "name" and "name_<language>"; "area_km2", "label_lat", "label_lon" and "attribution" (or the
// collection's) are taken when they are there.
absl::StatusOr<ImportFile> ReadDistricts(absl::string_view geojson, absl::string_view language);

// Columns id, title or title_<language>, further title_<…>; kind; phones (separated by commas).
absl::StatusOr<ImportFile> ReadDepartments(absl::string_view tsv, absl::string_view language);

// Columns id, title or title_<language>, further title_<…>; group, group_title; department;
// response_hours; legal_profile.
absl::StatusOr<ImportFile> ReadCategories(absl::string_view tsv, absl::string_view language);

}  // namespace veche::directory
