#include "common/sql/value.h"

namespace veche::sql {
namespace {

const std::string& Empty() {
  static const std::string empty;
  return empty;
}

}  // namespace

bool Row::IsNull(size_t column) const {
  return std::holds_alternative<std::monostate>(columns_[column].variant());
}

int64_t Row::Int(size_t column) const {
  const Value::Variant& value = columns_[column].variant();
  if (const auto* number = std::get_if<int64_t>(&value)) return *number;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? 1 : 0;
  // SUM of a BIGINT is NUMERIC in PostgreSQL.
  if (const auto* number = std::get_if<double>(&value)) return static_cast<int64_t>(*number);
  return 0;
}

double Row::Double(size_t column) const {
  const Value::Variant& value = columns_[column].variant();
  if (const auto* number = std::get_if<double>(&value)) return *number;
  // SQLite keeps whole numbers of an expression as integers.
  if (const auto* number = std::get_if<int64_t>(&value)) return static_cast<double>(*number);
  return 0;
}

bool Row::Bool(size_t column) const { return Int(column) != 0; }

const std::string& Row::Text(size_t column) const {
  const auto* text = std::get_if<std::string>(&columns_[column].variant());
  return text == nullptr ? Empty() : *text;
}

const std::string& Row::Bytes(size_t column) const {
  const auto* blob = std::get_if<Blob>(&columns_[column].variant());
  return blob == nullptr ? Empty() : blob->bytes;
}

std::optional<int64_t> Row::OptionalInt(size_t column) const {
  if (IsNull(column)) return std::nullopt;
  return Int(column);
}

}  // namespace veche::sql
