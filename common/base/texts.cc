#include "common/base/texts.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"

namespace veche {
namespace {

constexpr absl::string_view kHeader = "id\ten\tru\tuk\ttt";

// The column of a language; the English column for any other tag.
size_t ColumnOf(absl::string_view language) {
  const auto* found = std::find(kLanguages.begin(), kLanguages.end(), language);
  return found == kLanguages.end() ? 0 : found - kLanguages.begin();
}

const std::string* FindArgument(const Text& text, absl::string_view name) {
  for (const auto& [key, value] : text.arguments) {
    if (key == name) return &value;
  }
  return nullptr;
}

}  // namespace

bool IsLanguage(absl::string_view tag) {
  return std::find(kLanguages.begin(), kLanguages.end(), tag) != kLanguages.end();
}

absl::StatusOr<Texts> Texts::Parse(const std::vector<absl::Span<const EmbeddedFile>>& tables) {
  Texts texts;
  for (const absl::Span<const EmbeddedFile> files : tables) {
    for (const EmbeddedFile& file : files) {
      int number = 0;
      for (absl::string_view line : absl::StrSplit(file.content, '\n')) {
        ++number;
        absl::Status status;
        if (number == 1) {
          if (line != kHeader) status = absl::FailedPreconditionError("the columns are wrong");
        } else if (!line.empty() && line[0] != '#') {
          status = texts.Add(line);
        }
        if (!status.ok()) {
          return absl::FailedPreconditionError(
              absl::StrCat(file.name, " line ", number, ": ", status.message()));
        }
      }
    }
  }
  return texts;
}

absl::Status Texts::Add(absl::string_view line) {
  const std::vector<absl::string_view> cells = absl::StrSplit(line, '\t');
  if (cells.size() != kLanguages.size() + 1) {
    return absl::FailedPreconditionError(absl::StrCat("has ", cells.size(), " columns"));
  }
  Row row;
  for (size_t i = 0; i < row.size(); ++i) {
    row[i] = cells[i + 1];
    if (row[i].empty()) {
      return absl::FailedPreconditionError(absl::StrCat(cells[0], " lacks ", kLanguages[i]));
    }
  }
  if (!rows_.emplace(cells[0], row).second) {
    return absl::FailedPreconditionError(absl::StrCat(cells[0], " appears more than once"));
  }
  return absl::OkStatus();
}

std::string Texts::Get(const Text& text, absl::string_view language) const {
  const auto row = rows_.find(text.id);
  if (row == rows_.end()) return text.id;
  const size_t column = ColumnOf(language);
  return Fill(row->second[column], text, column);
}

std::string Texts::Fill(absl::string_view form, const Text& text, size_t language) const {
  std::string filled;
  while (true) {
    const size_t begin = form.find('{');
    const size_t end = form.find('}', begin);
    if (begin == absl::string_view::npos || end == absl::string_view::npos) break;
    absl::StrAppend(&filled, form.substr(0, begin));
    const absl::string_view placeholder = form.substr(begin, end + 1 - begin);
    absl::string_view name = form.substr(begin + 1, end - begin - 1);
    const size_t colon = name.find(':');
    const bool names_text = colon != absl::string_view::npos;
    const absl::string_view prefix = names_text ? name.substr(colon + 1) : "";
    name = name.substr(0, colon);
    const std::string* value = FindArgument(text, name);
    if (value == nullptr) {
      absl::StrAppend(&filled, placeholder);
    } else if (const auto named = rows_.find(absl::StrCat(prefix, *value));
               names_text && named != rows_.end()) {
      absl::StrAppend(&filled, Fill(named->second[language], Text(), language));
    } else {
      absl::StrAppend(&filled, *value);
    }
    form.remove_prefix(end + 1);
  }
  return absl::StrCat(filled, form);
}

}  // namespace veche
