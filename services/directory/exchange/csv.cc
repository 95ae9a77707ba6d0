#include "services/directory/exchange/csv.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace veche::directory {
namespace {

char SeparatorOf(absl::string_view text) {
  const absl::string_view line = text.substr(0, text.find('\n'));
  char most = ',';
  for (const char separator : {';', '\t'}) {
    const auto count = [line](char c) { return std::count(line.begin(), line.end(), c); };
    if (count(separator) > count(most)) most = separator;
  }
  return most;
}

class CsvParser {
 public:
  CsvParser(absl::string_view text, Violations& violations)
      : text_(text), separator_(SeparatorOf(text)), violations_(violations) {}

  std::vector<CsvRow> Parse() {
    std::vector<CsvRow> rows;
    while (position_ < text_.size()) {
      CsvRow row;
      row.line = line_;
      if (!ReadRow(row)) break;
      const bool empty = row.cells.size() == 1 && row.cells[0].empty();
      if (!empty) rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  bool AtEnd() const { return position_ >= text_.size(); }
  bool AtLineEnd() const {
    return AtEnd() || text_[position_] == '\n' || text_.substr(position_, 2) == "\r\n";
  }

  bool ReadRow(CsvRow& row) {
    while (true) {
      std::string& cell = row.cells.emplace_back();
      if (!AtEnd() && text_[position_] == '"') {
        if (!ReadQuoted(row.line, cell)) return false;
      } else {
        const size_t begin = position_;
        while (!AtLineEnd() && text_[position_] != separator_) ++position_;
        cell = std::string(text_.substr(begin, position_ - begin));
      }
      if (AtLineEnd()) break;
      ++position_;  // the separator
    }
    if (!AtEnd()) {
      position_ += text_[position_] == '\r' ? 2 : 1;
      ++line_;
    }
    return true;
  }

  bool ReadQuoted(int row_line, std::string& cell) {
    ++position_;
    while (!AtEnd()) {
      const char c = text_[position_++];
      if (c == '\n') ++line_;
      if (c != '"') {
        cell += c;
      } else if (!AtEnd() && text_[position_] == '"') {
        cell += '"';
        ++position_;
      } else if (AtLineEnd() || text_[position_] == separator_) {
        return true;
      } else {
        violations_.Add(absl::StrCat("lines[", line_, "]"), "CSV_TEXT_AFTER_QUOTE");
        return false;
      }
    }
    violations_.Add(absl::StrCat("lines[", row_line, "]"), "CSV_QUOTE_OPEN");
    return false;
  }

  const absl::string_view text_;
  const char separator_;
  Violations& violations_;
  size_t position_ = 0;
  int line_ = 1;
};

}  // namespace

std::vector<CsvRow> ParseCsv(absl::string_view text, Violations& violations) {
  return CsvParser(text, violations).Parse();
}

void AppendCsvRow(absl::Span<const std::string> cells, std::string& csv) {
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string& cell = cells[i];
    const bool plain = cell.find_first_of(",;\t\"\r\n") == std::string::npos;
    absl::StrAppend(
        &csv, i == 0 ? "" : ",",
        plain ? cell : absl::StrCat("\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\""));
  }
  absl::StrAppend(&csv, "\r\n");
}

}  // namespace veche::directory
