#include "services/appeals/storage/timeline_row.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/sql/columns.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/statement.h"
#include "services/appeals/storage/wire_types.h"

namespace veche::appeals {
namespace {

using sql::Row;
using sql::Value;

// "ID\tname=value…": a text as its column stores it. Separators inside values are escaped.
std::string ToColumn(const Text& text) {
  std::string column = text.id;
  for (const auto& [name, value] : text.arguments) {
    absl::StrAppend(&column, "\t", name, "=",
                    absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"\t", "\\t"}, {"\n", "\\n"}}));
  }
  return column;
}

Text TextFrom(absl::string_view column) {
  const std::vector<absl::string_view> parts = absl::StrSplit(column, '\t');
  Text text(parts[0]);
  for (size_t i = 1; i < parts.size(); ++i) {
    const std::pair<absl::string_view, absl::string_view> argument =
        absl::StrSplit(parts[i], absl::MaxSplits('=', 1));
    text.arguments.emplace_back(
        argument.first,
        absl::StrReplaceAll(argument.second, {{"\\\\", "\\"}, {"\\t", "\t"}, {"\\n", "\n"}}));
  }
  return text;
}

template <auto... kPath>
constexpr sql::Column<Entry> Field(absl::string_view name) {
  return sql::MemberColumn<Entry, kPath...>(name);
}

constexpr sql::Column<Entry> kColumns[] = {
    Field<&Entry::id>("entry"),
    Field<&Entry::time>("at"),
    {"type", [](const Entry& e) { return Value(EntryTypeName(e.type)); },
     [](const Row& row, size_t i, Entry& e) { e.type = ParseEntryType(row.Text(i)); }},
    {"state", [](const Entry& e) { return e.state ? sql::ToValue(*e.state) : Value(); },
     [](const Row& row, size_t i, Entry& e) {
       if (!row.IsNull(i)) sql::FromRow(row, i, e.state.emplace());
     }},
    Field<&Entry::actor, &Actor::party>("party"),
    Field<&Entry::actor, &Actor::name>("actor"),
    Field<&Entry::actor, &Actor::department>("department"),
    Field<&Entry::audience>("audience"),
    Field<&Entry::comment_for_parties>("comment_for_parties"),
    Field<&Entry::comment>("comment"),
    {"text", [](const Entry& e) { return sql::ToValue(ToColumn(e.text)); },
     [](const Row& row, size_t i, Entry& e) { e.text = TextFrom(row.Text(i)); }},
};

}  // namespace

const std::string& EntryColumnList() {
  static const auto& list = *new std::string(sql::ColumnList(kColumns));
  return list;
}

Entry ReadEntry(const Row& row) {
  Entry entry;
  sql::ReadColumns(kColumns, row, entry);
  return entry;
}

const std::string& EntryInsert() {
  static const auto& insert =
      *new std::string(absl::StrCat("INSERT INTO timeline (appeal, ", EntryColumnList(),
                                    ") VALUES (", Parameters(1, 1 + std::size(kColumns)), ")"));
  return insert;
}

std::vector<Value> EntryValues(absl::string_view appeal, const Entry& entry) {
  std::vector<Value> values = sql::ColumnValues(kColumns, entry);
  values.emplace(values.begin(), TimeKey(appeal));
  return values;
}

}  // namespace veche::appeals
