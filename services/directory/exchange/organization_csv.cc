#include "services/directory/exchange/organization_csv.h"

#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/texts.h"
#include "services/directory/exchange/csv.h"

namespace veche::directory {
namespace {

constexpr absl::string_view kRequired[] = {"title", "category"};

// The columns by their position. REQUIRES: `header` is the first row of a file.
std::vector<std::string> ReadHeader(const CsvRow& header, Violations& violations) {
  std::vector<std::string> columns;
  std::set<std::string, std::less<>> seen;
  for (const std::string& cell : header.cells) {
    const std::string& column = columns.emplace_back(absl::StripAsciiWhitespace(cell));
    const std::string field = absl::StrCat("lines[", header.line, "].", column);
    if (!IsOrganizationColumn(column)) violations.Add(field, "COLUMN_UNKNOWN");
    if (!seen.insert(column).second) violations.Add(field, "REPEATED");
  }
  for (const absl::string_view required : kRequired) {
    if (seen.contains(required)) continue;
    violations.Add(absl::StrCat("lines[", header.line, "].", required), "COLUMN_MISSING");
  }
  return columns;
}

// All columns that at least one organization has, in the order of OrganizationColumns.
std::vector<std::string> ColumnsOf(absl::Span<const Cells> rows) {
  std::set<std::string, std::less<>> used;
  for (const Cells& cells : rows) {
    for (const auto& [column, text] : cells) used.insert(column);
  }
  std::vector<std::string> columns;
  for (const absl::string_view column : OrganizationColumns()) {
    columns.emplace_back(column);
    for (const absl::string_view language : kLanguages) {
      std::string translated = absl::StrCat(column, "_", language);
      if (used.contains(translated)) columns.push_back(std::move(translated));
    }
  }
  return columns;
}

}  // namespace

OrganizationFile ReadOrganizationsCsv(absl::string_view csv, Violations& violations) {
  const std::vector<CsvRow> rows = ParseCsv(csv, violations);
  OrganizationFile file;
  if (!violations.empty()) return file;
  if (rows.empty()) {
    violations.Add("file", "MUST_NOT_BE_EMPTY");
    return file;
  }
  const std::vector<std::string> columns = ReadHeader(rows[0], violations);
  if (!violations.empty()) return file;
  for (size_t i = 1; i < rows.size(); ++i) {
    const CsvRow& row = rows[i];
    std::string place = absl::StrCat("lines[", row.line, "]");
    if (row.cells.size() != columns.size()) {
      violations.Add(place, {"CSV_CELLS",
                             {{"cells", absl::StrCat(row.cells.size())},
                              {"columns", absl::StrCat(columns.size())}}});
      continue;
    }
    Cells cells;
    for (size_t c = 0; c < columns.size(); ++c) cells[columns[c]] = row.cells[c];
    file.organizations.push_back(ReadOrganization(cells, place, violations));
    file.places.push_back(std::move(place));
  }
  return file;
}

std::string WriteOrganizationsCsv(absl::Span<const Organization> organizations) {
  std::vector<Cells> rows;
  for (const Organization& organization : organizations) rows.push_back(CellsOf(organization));
  const std::vector<std::string> columns = ColumnsOf(rows);
  std::string csv;
  AppendCsvRow(columns, csv);
  for (Cells& cells : rows) {
    std::vector<std::string> row;
    for (const std::string& column : columns) row.push_back(std::move(cells[column]));
    AppendCsvRow(row, csv);
  }
  return csv;
}

}  // namespace veche::directory
