#include "services/appeals/commands/import_table.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "services/appeals/calls/convert.h"
#include "services/appeals/domain/names.h"

namespace veche::appeals {
namespace {

std::string Upper(absl::string_view text) {
  std::string upper(text);
  absl::AsciiStrToUpper(&upper);
  return upper;
}

// RFC 3339, a date and time without a zone (then UTC), or a date.
bool ParseTime(absl::string_view text, absl::Time& time) {
  for (const char* format :
       {"%Y-%m-%dT%H:%M:%E*S%Ez", "%Y-%m-%d %H:%M:%E*S", "%Y-%m-%dT%H:%M:%E*S", "%Y-%m-%d %H:%M",
        "%Y-%m-%d", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y"}) {
    std::string error;
    if (absl::ParseTime(format, text, &time, &error)) return true;
  }
  return false;
}

absl::Status Wrong(absl::string_view column, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("column ", column, ": ", what));
}

std::string InCollection(absl::string_view collection, absl::string_view name) {
  return absl::StartsWith(name, absl::StrCat(collection, "/"))
             ? std::string(name)
             : absl::StrCat(collection, "/", name);
}

}  // namespace

absl::StatusOr<ImportTable> ImportTable::Open(std::istream& file) {
  ImportTable table(file);
  std::string header;
  if (!std::getline(file, header)) return absl::InvalidArgumentError("The file is empty.");
  absl::string_view text = absl::StripTrailingAsciiWhitespace(header);
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  size_t index = 0;
  for (absl::string_view name : absl::StrSplit(text, '\t')) {
    table.columns_.emplace(absl::AsciiStrToLower(absl::StripAsciiWhitespace(name)), index++);
  }
  if (!table.columns_.contains("text")) {
    return absl::InvalidArgumentError(
        "The first line must name the columns, tab-separated, and one of them must be \"text\".");
  }
  return table;
}

absl::StatusOr<bool> ImportTable::Next(ImportRow& row) {
  std::string line;
  do {
    if (!std::getline(*file_, line)) return false;
    ++line_;
    if (!line.empty() && line.back() == '\r') line.pop_back();
  } while (line.empty());
  row = {};
  row.line = line_;
  const std::vector<absl::string_view> cells = absl::StrSplit(line, '\t');
  if (cells.size() > columns_.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("has ", cells.size(), " cells, the header ", columns_.size()));
  }
  RETURN_IF_ERROR(Fill(cells, row));
  return true;
}

absl::string_view ImportTable::Cell(const std::vector<absl::string_view>& cells,
                                    std::initializer_list<absl::string_view> names) const {
  for (absl::string_view name : names) {
    auto it = columns_.find(name);
    if (it == columns_.end() || it->second >= cells.size()) continue;
    const absl::string_view cell = absl::StripAsciiWhitespace(cells[it->second]);
    if (!cell.empty()) return cell;
  }
  return "";
}

absl::Status ImportTable::Fill(const std::vector<absl::string_view>& cells, ImportRow& out) const {
  auto& row = out.row;
  out.source = std::string(Cell(cells, {"source"}));
  const absl::string_view id = Cell(cells, {"id", "source_id"});
  row.set_source_id(id.empty() ? absl::StrCat("line-", out.line) : std::string(id));
  row.set_text(std::string(Cell(cells, {"text"})));
  if (row.text().empty()) return Wrong("text", "is empty");
  row.set_answer(std::string(Cell(cells, {"answer"})));
  if (absl::string_view created = Cell(cells, {"created", "create_time"}); !created.empty()) {
    absl::Time time;
    if (!ParseTime(created, time)) return Wrong("created", "is no date or time");
    *row.mutable_create_time() = api::ToTimestamp(time);
  }
  if (absl::string_view resolved = Cell(cells, {"resolved", "resolve_time"}); !resolved.empty()) {
    absl::Time time;
    if (!ParseTime(resolved, time)) return Wrong("resolved", "is no date or time");
    *row.mutable_resolve_time() = api::ToTimestamp(time);
  }
  const absl::string_view latitude = Cell(cells, {"latitude", "lat"});
  const absl::string_view longitude = Cell(cells, {"longitude", "lon", "lng"});
  if (!latitude.empty() || !longitude.empty()) {
    double lat = 0, lon = 0;
    if (!absl::SimpleAtod(latitude, &lat)) return Wrong("latitude", "is no number");
    if (!absl::SimpleAtod(longitude, &lon)) return Wrong("longitude", "is no number");
    row.mutable_location()->set_latitude(lat);
    row.mutable_location()->set_longitude(lon);
  }
  if (absl::string_view address = Cell(cells, {"address"}); !address.empty()) {
    row.mutable_location()->set_address(std::string(address));
  }
  const absl::string_view topic = Cell(cells, {"u_topic", "category", "topic"});
  if (!topic.empty()) {
    // A text that cannot be an id is a title, which the service looks up.
    const std::string name = InCollection("categories", topic);
    row.set_category(IsNameIn("categories", name) ? name : std::string(topic));
  }
  if (absl::string_view department = Cell(cells, {"department"}); !department.empty()) {
    row.set_department(InCollection("departments", department));
  }
  if (absl::string_view state = Cell(cells, {"state"}); !state.empty()) {
    v1::Appeal::State parsed;
    if (!v1::Appeal::State_Parse(Upper(state), &parsed)) return Wrong("state", "is unknown");
    row.set_state(parsed);
  }
  if (absl::string_view kind = Cell(cells, {"kind"}); !kind.empty()) {
    v1::Appeal::Kind parsed;
    if (!v1::Appeal::Kind_Parse(Upper(kind), &parsed)) return Wrong("kind", "is unknown");
    row.set_kind(parsed);
  }
  return absl::OkStatus();
}

}  // namespace veche::appeals
