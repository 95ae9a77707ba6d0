#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"

namespace veche::sql {

// Bytes that are not text (BLOB, BYTEA).
struct Blob {
  bool operator==(const Blob&) const = default;
  std::string bytes;
};

// One bound parameter or one column of a row: NULL, BIGINT, DOUBLE PRECISION, BOOLEAN, TEXT or
// BLOB.
class Value {
 public:
  using Variant = std::variant<std::monostate, int64_t, double, bool, std::string, Blob>;

  Value() = default;
  // Implicit conversions, so that callers pass plain values as parameters.
  Value(std::nullopt_t) {}                // NOLINT
  Value(bool value) : value_(value) {}    // NOLINT
  Value(double value) : value_(value) {}  // NOLINT
  template <typename T,
            typename = std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>>>
  Value(T value) : value_(static_cast<int64_t>(value)) {}         // NOLINT
  Value(const char* value) : value_(std::string(value)) {}        // NOLINT
  Value(std::string value) : value_(std::move(value)) {}          // NOLINT
  Value(absl::string_view value) : value_(std::string(value)) {}  // NOLINT
  Value(Blob value) : value_(std::move(value)) {}                 // NOLINT
  template <typename T>
  Value(const std::optional<T>& value) {  // NOLINT
    if (value) *this = Value(*value);
  }

  bool operator==(const Value&) const = default;  // type and value

  const Variant& variant() const { return value_; }

 private:
  Variant value_;
};

// One row of a result. Columns are read by position with the type that the statement gives them; a
// NULL reads as zero, false or "". REQUIRES: the position exists.
class Row {
 public:
  explicit Row(std::vector<Value> columns) : columns_(std::move(columns)) {}

  size_t size() const { return columns_.size(); }
  bool IsNull(size_t column) const;
  int64_t Int(size_t column) const;
  double Double(size_t column) const;
  bool Bool(size_t column) const;  // SQLite's 0 and 1, PostgreSQL's f and t
  const std::string& Text(size_t column) const;
  const std::string& Bytes(size_t column) const;  // of a BLOB
  std::optional<int64_t> OptionalInt(size_t column) const;

 private:
  std::vector<Value> columns_;
};

}  // namespace veche::sql
