#include "services/gateway/json/scalar.h"

#include <limits>

#include "services/gateway/json/base64.h"
#include "services/gateway/json/number_text.h"
#include "services/gateway/json/tokens.h"

namespace veche::gateway::json {
namespace {

using Type = Field::Type;

constexpr Problem kNotInt32 = "NOT_INT32";
constexpr Problem kNotUint32 = "NOT_UINT32";
constexpr Problem kNotInt64 = "NOT_INT64";
constexpr Problem kNotUint64 = "NOT_UINT64";
constexpr Problem kNotNumber = "NOT_NUMBER";
constexpr Problem kTooLarge = "DOUBLE_TOO_LARGE";
constexpr Problem kTooLargeFloat = "FLOAT_TOO_LARGE";
constexpr Problem kNotBool = "NOT_BOOL";
constexpr Problem kNotString = "NOT_STRING";
constexpr Problem kNotUtf8 = "NOT_UTF8";
constexpr Problem kNotBase64 = "NOT_BASE64";
constexpr Problem kNotEnum = "NOT_ENUM";
constexpr Problem kAny = "ANY_NOT_ACCEPTED";

}  // namespace

Problem AppendNumber(const Field& field, absl::string_view text, Output& out) {
  bool too_large;
  int32_t i32;
  uint32_t u32;
  int64_t i64;
  uint64_t u64;
  switch (field.type) {
    case Type::TYPE_DOUBLE: {
      double value;
      if (!ParseFloating(text, &value, &too_large)) return too_large ? kTooLarge : kNotNumber;
      out.PutFixed(value);
      return nullptr;
    }
    case Type::TYPE_FLOAT: {
      float value;
      if (!ParseFloating(text, &value, &too_large)) return too_large ? kTooLargeFloat : kNotNumber;
      out.PutFixed(value);
      return nullptr;
    }
    case Type::TYPE_INT32:
    case Type::TYPE_ENUM:
      if (!ParseInteger(text, &i32)) return Expectation(field);
      out.PutVarint(static_cast<uint64_t>(int64_t{i32}));
      return nullptr;
    case Type::TYPE_SINT32:
      if (!ParseInteger(text, &i32)) return kNotInt32;
      out.PutVarint(ZigZag(i32));
      return nullptr;
    case Type::TYPE_SFIXED32:
      if (!ParseInteger(text, &i32)) return kNotInt32;
      out.PutFixed(i32);
      return nullptr;
    case Type::TYPE_UINT32:
      if (!ParseInteger(text, &u32)) return kNotUint32;
      out.PutVarint(u32);
      return nullptr;
    case Type::TYPE_FIXED32:
      if (!ParseInteger(text, &u32)) return kNotUint32;
      out.PutFixed(u32);
      return nullptr;
    case Type::TYPE_INT64:
      if (!ParseInteger(text, &i64)) return kNotInt64;
      out.PutVarint(static_cast<uint64_t>(i64));
      return nullptr;
    case Type::TYPE_SINT64:
      if (!ParseInteger(text, &i64)) return kNotInt64;
      out.PutVarint(ZigZag(i64));
      return nullptr;
    case Type::TYPE_SFIXED64:
      if (!ParseInteger(text, &i64)) return kNotInt64;
      out.PutFixed(i64);
      return nullptr;
    case Type::TYPE_UINT64:
      if (!ParseInteger(text, &u64)) return kNotUint64;
      out.PutVarint(u64);
      return nullptr;
    case Type::TYPE_FIXED64:
      if (!ParseInteger(text, &u64)) return kNotUint64;
      out.PutFixed(u64);
      return nullptr;
    default:
      return Expectation(field);
  }
}

Problem AppendText(const Field& field, absl::string_view text, Output& out) {
  switch (field.type) {
    case Type::TYPE_BOOL:
      if (text != "true" && text != "false") return kNotBool;
      out.Put(text == "true" ? '\1' : '\0');
      return nullptr;
    case Type::TYPE_STRING:
      if (!IsUtf8(text)) return kNotUtf8;
      out.PutVarint(text.size());
      out.Put(text);
      return nullptr;
    case Type::TYPE_BYTES:
      return AppendBase64(text, out) ? nullptr : kNotBase64;
    case Type::TYPE_ENUM: {
      auto it = field.enumeration->by_name.find(text);
      if (it == field.enumeration->by_name.end()) return kNotEnum;
      out.PutVarint(static_cast<uint64_t>(int64_t{it->second}));
      return nullptr;
    }
    case Type::TYPE_DOUBLE:
    case Type::TYPE_FLOAT: {
      const bool infinity = text == "Infinity" || text == "-Infinity";
      if (!infinity && text != "NaN") return AppendNumber(field, text, out);
      const double value = infinity ? std::numeric_limits<double>::infinity()
                                    : std::numeric_limits<double>::quiet_NaN();
      const double signed_value = text[0] == '-' ? -value : value;
      if (field.type == Type::TYPE_DOUBLE) {
        out.PutFixed(signed_value);
      } else {
        out.PutFixed(static_cast<float>(signed_value));
      }
      return nullptr;
    }
    default:
      return AppendNumber(field, text, out);
  }
}

Problem Expectation(const Field& field) {
  switch (field.type) {
    case Type::TYPE_DOUBLE:
    case Type::TYPE_FLOAT:
      return kNotNumber;
    case Type::TYPE_INT32:
    case Type::TYPE_SINT32:
    case Type::TYPE_SFIXED32:
      return kNotInt32;
    case Type::TYPE_UINT32:
    case Type::TYPE_FIXED32:
      return kNotUint32;
    case Type::TYPE_INT64:
    case Type::TYPE_SINT64:
    case Type::TYPE_SFIXED64:
      return kNotInt64;
    case Type::TYPE_UINT64:
    case Type::TYPE_FIXED64:
      return kNotUint64;
    case Type::TYPE_BOOL:
      return kNotBool;
    case Type::TYPE_STRING:
      return kNotString;
    case Type::TYPE_BYTES:
      return kNotBase64;
    case Type::TYPE_ENUM:
      return kNotEnum;
    default:
      return Expectation(*field.message);
  }
}

Problem Expectation(const MessageTable& message) {
  switch (message.well_known()) {
    case WellKnown::kAny:
      return kAny;
    case WellKnown::kTimestamp:
      return "NOT_TIMESTAMP";
    case WellKnown::kDuration:
      return "NOT_DURATION";
    case WellKnown::kFieldMask:
      return "NOT_FIELD_MASK";
    case WellKnown::kListValue:
      return "NOT_LIST";
    case WellKnown::kWrapper:
      return Expectation(message.fields()[0]);
    default:
      return "NOT_OBJECT";
  }
}

}  // namespace veche::gateway::json
