#include "services/classification/training/labelled_data.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/text/utf8.h"
#include "services/classification/classifier/reference.h"
#include "services/classification/domain/tsv.h"
#include "services/classification/model/places.h"

namespace veche::classification {
namespace {

constexpr size_t kMaxId = 63;

std::string Choose(absl::string_view data, const std::string& wanted,
                   std::initializer_list<absl::string_view> usual) {
  if (!wanted.empty()) return HasColumn(data, wanted) ? wanted : "";
  for (absl::string_view name : usual) {
    if (HasColumn(data, name)) return std::string(name);
  }
  return "";
}

bool IsGroup(const std::string& name) {
  const std::vector<Topic>& topics = Topics();
  return std::any_of(topics.begin(), topics.end(),
                     [&name](const Topic& topic) { return topic.group == name; });
}

bool IsId(absl::string_view name) {
  return name.size() <= kMaxId && std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_' || c == '-';
         });
}

// What is wrong with a training row; "" for a valid row.
std::string Problem(const Example& example) {
  const Topic* topic = example.topic.empty() ? nullptr : FindTopic(example.topic);
  if (!example.topic.empty() && topic == nullptr) {
    return absl::StrCat("unknown topic ", QuoteLabel(example.topic));
  }
  if (!example.group.empty() && !IsGroup(example.group)) {
    return absl::StrCat("unknown group ", QuoteLabel(example.group));
  }
  if (topic != nullptr && !example.group.empty() && topic->group != example.group) {
    return absl::StrCat("the topic \"", example.topic, "\" is of the group \"", topic->group,
                        "\", not \"", example.group, "\"");
  }
  if (!IsId(example.department))
    return absl::StrCat("a department ", QuoteLabel(example.department));
  if (example.topic.empty() && example.group.empty() && example.department.empty()) {
    return "has no label";
  }
  return "";
}

// Reads chosen columns of a table; a column with the name "" has no cells.
class ColumnReader {
 public:
  size_t Add(const std::string& name) {
    if (name.empty()) return kNone;
    names_.push_back(name);
    return names_.size() - 1;
  }
  absl::StatusOr<Table> Parse(absl::string_view data) const {
    return ParseTable(data, std::vector<absl::string_view>(names_.begin(), names_.end()));
  }
  static std::string Cell(const TableRow& row, size_t column) {
    return column == kNone ? "" : row.cells[column];
  }

 private:
  static constexpr size_t kNone = static_cast<size_t>(-1);
  std::vector<std::string> names_;
};

// The optional columns of places, besides ColumnNames::place.
class PlaceColumns {
 public:
  PlaceColumns(absl::string_view data, const std::string& city, ColumnReader& columns)
      : city_(columns.Add(city)) {
    const auto add = [&](absl::string_view name) {
      return columns.Add(name != city && HasColumn(data, name) ? std::string(name) : "");
    };
    latitude_ = add("latitude");
    longitude_ = add("longitude");
    district_ = add("district");
    channel_ = add("channel");
  }

  std::vector<std::string> Read(const TableRow& row) const {
    const std::string district = ColumnReader::Cell(row, district_);
    const std::string city = ColumnReader::Cell(row, city_);
    const std::string channel = ColumnReader::Cell(row, channel_);
    TextOrigin origin = {.district = district, .city = city, .channel = channel};
    Point point;
    if (absl::SimpleAtod(ColumnReader::Cell(row, latitude_), &point.latitude) &&
        absl::SimpleAtod(ColumnReader::Cell(row, longitude_), &point.longitude)) {
      origin.point = point;
    }
    return PlaceNames(origin);
  }

 private:
  size_t city_, latitude_, longitude_, district_, channel_;
};

}  // namespace

std::string QuoteLabel(const std::string& label) {
  if (IsId(label)) return absl::StrCat("\"", label, "\"");
  return absl::StrCat("of ", text::CountCharacters(label),
                      " characters, which must be of small letters, digits, _ and -");
}

ColumnNames FindColumns(absl::string_view data, const ColumnNames& wanted) {
  return {.topic = Choose(data, wanted.topic, {"u_topic", "topic"}),
          .group = Choose(data, wanted.group, {"u_group", "group"}),
          .department = Choose(data, wanted.department, {"dept_kind", "department"}),
          .place = Choose(data, wanted.place, {"place", "city", "source"})};
}

absl::StatusOr<std::vector<LabelledText>> ParseLabelledData(absl::string_view data,
                                                            const ColumnNames& wanted, DataUse use,
                                                            absl::string_view file) {
  const ColumnNames names = FindColumns(data, wanted);
  ColumnReader columns;
  const size_t text = columns.Add("text");
  const size_t topic = columns.Add(names.topic);
  const size_t group = columns.Add(names.group);
  const size_t department = columns.Add(names.department);
  const PlaceColumns places(data, names.place, columns);
  const bool has_topic_names = names.topic != "topic" && HasColumn(data, "topic");
  const bool has_department_names = names.department != "executor" && HasColumn(data, "executor");
  const size_t topic_name = columns.Add(has_topic_names ? "topic" : "");
  const size_t department_name = columns.Add(has_department_names ? "executor" : "");
  ASSIGN_OR_RETURN(Table table, columns.Parse(data));
  if (names.topic.empty() && names.group.empty() && names.department.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("the header has no column with labels: \"",
                                                   wanted.topic.empty() ? "topic" : wanted.topic,
                                                   "\" is needed"));
  }
  std::vector<LabelledText> texts;
  for (TableRow& row : table.rows) {
    LabelledText labelled;
    labelled.example = {.text = ColumnReader::Cell(row, text),
                        .topic = ColumnReader::Cell(row, topic),
                        .group = ColumnReader::Cell(row, group),
                        .department = ColumnReader::Cell(row, department),
                        .places = places.Read(row)};
    labelled.topic_name = ColumnReader::Cell(row, topic_name);
    labelled.department_name = ColumnReader::Cell(row, department_name);
    labelled.where = absl::StrCat(file, file.empty() ? "" : ": ", "line ", row.line);
    if (absl::StripAsciiWhitespace(labelled.example.text).empty()) {
      return LineError(row.line, "the text is empty");
    }
    if (use == DataUse::kTraining) {
      const std::string problem = Problem(labelled.example);
      if (!problem.empty()) return LineError(row.line, problem);
    }
    texts.push_back(std::move(labelled));
  }
  if (texts.empty()) return absl::InvalidArgumentError("there are no rows under the header");
  return texts;
}

absl::StatusOr<std::vector<LabelledText>> ReadLabelledData(const std::string& path,
                                                           const ColumnNames& columns, DataUse use,
                                                           ColumnNames* found) {
  // Messages name the file without its folder, which is private.
  const std::string name = path.substr(path.rfind('/') + 1);
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": is a folder, a file is needed"));
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(name, ": cannot be opened"));
  std::ostringstream content;
  content << file.rdbuf();  // does not throw, unlike an iterator
  if (file.bad()) return absl::UnavailableError(absl::StrCat(name, ": cannot be read"));
  const std::string data = std::move(content).str();
  if (found != nullptr) *found = FindColumns(data, columns);
  auto texts = ParseLabelledData(data, columns, use, name);
  if (texts.ok()) return texts;
  return absl::Status(texts.status().code(), absl::StrCat(name, ": ", texts.status().message()));
}

std::vector<Example> NameExamples(absl::Span<const LabelledText> texts) {
  std::set<std::pair<std::string, std::string>> seen;
  std::vector<Example> names;
  for (const LabelledText& text : texts) {
    const Example& example = text.example;
    if (!text.topic_name.empty() && !example.topic.empty() &&
        seen.emplace("t " + text.topic_name, example.topic).second) {
      names.push_back(
          {.text = text.topic_name, .topic = example.topic, .origin = Example::Origin::kName});
    }
    if (!text.department_name.empty() && !example.department.empty() &&
        seen.emplace("d " + text.department_name, example.department).second) {
      names.push_back({.text = text.department_name,
                       .department = example.department,
                       .origin = Example::Origin::kName});
    }
  }
  return names;
}

std::vector<std::string> FindContradictions(absl::Span<const LabelledText> texts, size_t limit) {
  absl::flat_hash_map<uint64_t, const LabelledText*> first;
  std::vector<std::string> found;
  size_t count = 0;
  for (const LabelledText& text : texts) {
    const LabelledText* other = first.emplace(Fingerprint(text.example.text), &text).first->second;
    if (other->example.topic == text.example.topic) continue;
    if (++count > limit) continue;
    found.push_back(absl::StrCat(text.where, ": the same text as ", other->where,
                                 ", but the topic \"", text.example.topic, "\" instead of \"",
                                 other->example.topic, "\""));
  }
  if (count > limit) found.push_back(absl::StrCat("… and ", count - limit, " more of these"));
  return found;
}

std::vector<std::string> FindRepeats(absl::Span<const LabelledText> texts) {
  using Labels = std::tuple<absl::string_view, absl::string_view, absl::string_view>;
  std::set<std::pair<uint64_t, Labels>> seen;
  std::vector<std::string> found;
  for (const LabelledText& text : texts) {
    const Example& example = text.example;
    const Labels labels = {example.topic, example.group, example.department};
    if (!seen.emplace(Fingerprint(example.text), labels).second) found.push_back(text.where);
  }
  return found;
}

}  // namespace veche::classification
