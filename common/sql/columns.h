#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/sql/value.h"

// Rows as tables of columns. A table defines, for each column once, its name, how it is written and
// how it is read. Statements, values and readers follow the order of the table, so they cannot
// disagree. For the stores of services.

namespace veche::sql {

// One column of the rows that store objects of a type.
template <typename Object>
struct Column {
  absl::string_view name;
  Value (*write)(const Object&);
  // Null for a column that is computed from others and never read.
  void (*read)(const Row& row, size_t position, Object&);
  // Whether two objects have the same value here; null: compare what `write` gives.
  bool (*same)(const Object&, const Object&) = nullptr;
};

// The member at the end of a path: Member<&Staff::profile, &Profile::locale>(staff).
template <auto kFirst, auto... kRest, typename Object>
constexpr auto& Member(Object& object) {
  if constexpr (sizeof...(kRest) == 0) {
    return object.*kFirst;
  } else {
    return Member<kRest...>(object.*kFirst);
  }
}

// The value of a member. Times and durations are microseconds, enums their numbers.
template <typename T>
Value ToValue(const T& member) {
  if constexpr (std::is_enum_v<T>) {
    return Value(static_cast<int64_t>(member));
  } else if constexpr (std::is_same_v<T, absl::Time>) {
    return Value(ToMicros(member));
  } else if constexpr (std::is_same_v<T, absl::Duration>) {
    return Value(absl::ToInt64Microseconds(member));
  } else if constexpr (std::is_same_v<T, std::optional<absl::Time>>) {
    return member ? Value(ToMicros(*member)) : Value();
  } else if constexpr (std::is_same_v<T, std::string>) {
    return Value(absl::string_view(member));
  } else {
    return Value(member);
  }
}

// The inverse of ToValue. A NULL leaves an optional member as it is.
template <typename T>
void FromRow(const Row& row, size_t position, T& member) {
  if constexpr (std::is_same_v<T, absl::Time>) {
    member = FromMicros(row.Int(position));
  } else if constexpr (std::is_same_v<T, absl::Duration>) {
    member = absl::Microseconds(row.Int(position));
  } else if constexpr (std::is_same_v<T, std::optional<absl::Time>>) {
    if (!row.IsNull(position)) member = FromMicros(row.Int(position));
  } else if constexpr (std::is_same_v<T, std::string>) {
    member = row.Text(position);
  } else if constexpr (std::is_same_v<T, bool>) {
    member = row.Bool(position);
  } else if constexpr (std::is_same_v<T, double>) {
    member = row.Double(position);
  } else {
    member = static_cast<T>(row.Int(position));
  }
}

// A column that stores one member unchanged.
template <typename Object, auto... kPath>
constexpr Column<Object> MemberColumn(absl::string_view name) {
  return {
      name, [](const Object& object) { return ToValue(Member<kPath...>(object)); },
      [](const Row& row, size_t position, Object& object) {
        FromRow(row, position, Member<kPath...>(object));
      },
      [](const Object& a, const Object& b) { return Member<kPath...>(a) == Member<kPath...>(b); }};
}

// "a, b, c" of a table's columns, each behind `qualifier` ("a.").
template <typename Object, size_t kSize>
std::string ColumnList(const Column<Object> (&columns)[kSize], absl::string_view qualifier = "") {
  std::string list;
  for (const Column<Object>& column : columns) {
    absl::StrAppend(&list, list.empty() ? "" : ", ", qualifier, column.name);
  }
  return list;
}

// "INSERT INTO table (a, b) VALUES ($1, $2)"
template <typename Object, size_t kSize>
std::string InsertStatement(absl::string_view table, const Column<Object> (&columns)[kSize]) {
  std::string parameters;
  for (size_t i = 1; i <= kSize; ++i) {
    absl::StrAppend(&parameters, i == 1 ? "$" : ", $", i);
  }
  return absl::StrCat("INSERT INTO ", table, " (", ColumnList(columns), ") VALUES (", parameters,
                      ")");
}

// "b = excluded.b, c = excluded.c" of the columns after the first `keys`: for ON CONFLICT DO
// UPDATE.
template <typename Object, size_t kSize>
std::string SetExcluded(const Column<Object> (&columns)[kSize], size_t keys) {
  std::string list;
  for (size_t i = keys; i < kSize; ++i) {
    absl::StrAppend(&list, i == keys ? "" : ", ", columns[i].name, " = excluded.", columns[i].name);
  }
  return list;
}

// The values of `object` in the order of the table.
template <typename Object, size_t kSize>
std::vector<Value> ColumnValues(const Column<Object> (&columns)[kSize], const Object& object) {
  std::vector<Value> values;
  values.reserve(kSize);
  for (const Column<Object>& column : columns) values.push_back(column.write(object));
  return values;
}

// Reads a row that begins with the table's columns.
template <typename Object, size_t kSize>
void ReadColumns(const Column<Object> (&columns)[kSize], const Row& row, Object& object) {
  for (size_t i = 0; i < kSize; ++i) {
    if (columns[i].read != nullptr) columns[i].read(row, i, object);
  }
}

// Reads a row that begins with the table's columns into a new object.
template <typename Object, size_t kSize>
Object ReadObject(const Column<Object> (&columns)[kSize], const Row& row) {
  Object object;
  ReadColumns(columns, row, object);
  return object;
}

// A column and the value that it gets.
struct ColumnValue {
  absl::string_view name;
  Value value;
};

// The columns in which two objects differ, with the values of `after`.
template <typename Object, size_t kSize>
std::vector<ColumnValue> ChangedColumns(const Column<Object> (&columns)[kSize],
                                        const Object& before, const Object& after) {
  std::vector<ColumnValue> changed;
  for (const Column<Object>& column : columns) {
    const bool same = column.same != nullptr ? column.same(before, after)
                                             : column.write(before) == column.write(after);
    if (!same) changed.push_back({column.name, column.write(after)});
  }
  return changed;
}

}  // namespace veche::sql
