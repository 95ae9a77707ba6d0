#include "services/classification/labelled_data.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/classification/reference.h"
#include "services/classification/tsv.h"

namespace veche::classification {

absl::StatusOr<std::vector<LabelledText>> ParseLabelledData(absl::string_view data,
                                                            absl::string_view topic_column) {
  if (topic_column.empty()) topic_column = HasColumn(data, "u_topic") ? "u_topic" : "topic";
  std::vector<absl::string_view> columns = {"text", topic_column};
  const bool departments = HasColumn(data, "dept_kind");
  if (departments) columns.push_back("dept_kind");
  ASSIGN_OR_RETURN(Table table, ParseTable(data, columns));
  std::vector<LabelledText> texts;
  for (TableRow& row : table.rows) {
    if (absl::StripAsciiWhitespace(row.cells[0]).empty()) {
      return LineError(row.line, "the text is empty");
    }
    if (FindTopic(row.cells[1]) == nullptr) {
      return LineError(row.line, absl::StrCat("unknown topic \"", row.cells[1], "\""));
    }
    texts.push_back({.example = {std::move(row.cells[0]), std::move(row.cells[1])},
                     .department_kind = departments ? std::move(row.cells[2]) : ""});
  }
  if (texts.empty()) return absl::InvalidArgumentError("there are no rows under the header");
  return texts;
}

absl::StatusOr<std::vector<LabelledText>> ReadLabelledData(const std::string& path,
                                                           absl::string_view topic_column) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be opened"));
  const std::string data{std::istreambuf_iterator<char>(file), {}};
  auto texts = ParseLabelledData(data, topic_column);
  if (texts.ok()) return texts;
  return absl::Status(texts.status().code(), absl::StrCat(path, ": ", texts.status().message()));
}

}  // namespace veche::classification
