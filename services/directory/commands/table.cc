#include "services/directory/commands/table.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"

namespace veche::directory {
namespace {

absl::Status Invalid(absl::string_view message) {
  return MakeOperatorError(absl::StatusCode::kInvalidArgument, "directory", "IMPORT_FILE_INVALID",
                           message);
}

std::vector<std::string> Cells(absl::string_view line) {
  std::vector<std::string> cells;
  for (absl::string_view cell : absl::StrSplit(line, '\t')) {
    cells.emplace_back(absl::StripAsciiWhitespace(cell));
  }
  return cells;
}

}  // namespace

absl::StatusOr<Table> Table::Parse(absl::string_view text) {
  constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";
  absl::ConsumePrefix(&text, kByteOrderMark);
  Table table;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    absl::string_view content = absl::StripAsciiWhitespace(line);
    if (content.empty() || content[0] == '#') continue;
    std::vector<std::string> cells = Cells(line);
    if (table.columns_.empty()) {
      for (size_t i = 0; i < cells.size(); ++i) {
        if (!table.columns_.emplace(cells[i], i).second) {
          return Invalid(absl::StrCat("The column ", cells[i], " appears twice."));
        }
        absl::string_view language = cells[i];
        if (absl::ConsumePrefix(&language, "title_")) {
          table.title_languages_.emplace_back(language);
        }
      }
    } else if (cells.size() > table.columns_.size()) {
      return Invalid(absl::StrCat("Line ", number, " has more cells than the header."));
    } else {
      table.rows_.push_back({number, std::move(cells)});
    }
  }
  if (table.columns_.empty()) return Invalid("The file is empty.");
  return table;
}

absl::string_view Table::Get(size_t row, absl::string_view column) const {
  auto found = columns_.find(std::string(column));
  if (found == columns_.end() || found->second >= rows_[row].cells.size()) return "";
  return rows_[row].cells[found->second];
}

absl::Status Table::Require(const std::vector<absl::string_view>& columns) const {
  std::vector<absl::string_view> missing;
  for (absl::string_view column : columns) {
    if (!Has(column)) missing.push_back(column);
  }
  if (missing.empty()) return absl::OkStatus();
  return Invalid(absl::StrCat("The header has no column ", absl::StrJoin(missing, ", "), "."));
}

}  // namespace veche::directory
