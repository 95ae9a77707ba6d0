#include "services/gateway/json/table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/gateway/json/base64.h"
#include "services/gateway/json/print.h"

namespace veche::gateway::json {
namespace {

namespace pb = ::google::protobuf;
using Type = Field::Type;

constexpr uint32_t kDenseNumbers = 1024;
constexpr int kSmallEnum = 256;

WellKnown WellKnownOf(absl::string_view name) {
  static const auto* const kinds = new absl::flat_hash_map<absl::string_view, WellKnown>({
      {"google.protobuf.Any", WellKnown::kAny},
      {"google.protobuf.Timestamp", WellKnown::kTimestamp},
      {"google.protobuf.Duration", WellKnown::kDuration},
      {"google.protobuf.FieldMask", WellKnown::kFieldMask},
      {"google.protobuf.Struct", WellKnown::kStruct},
      {"google.protobuf.Value", WellKnown::kValue},
      {"google.protobuf.ListValue", WellKnown::kListValue},
      {"google.protobuf.DoubleValue", WellKnown::kWrapper},
      {"google.protobuf.FloatValue", WellKnown::kWrapper},
      {"google.protobuf.Int64Value", WellKnown::kWrapper},
      {"google.protobuf.UInt64Value", WellKnown::kWrapper},
      {"google.protobuf.Int32Value", WellKnown::kWrapper},
      {"google.protobuf.UInt32Value", WellKnown::kWrapper},
      {"google.protobuf.BoolValue", WellKnown::kWrapper},
      {"google.protobuf.StringValue", WellKnown::kWrapper},
      {"google.protobuf.BytesValue", WellKnown::kWrapper},
  });
  auto it = kinds->find(name);
  return it == kinds->end() ? WellKnown::kNone : it->second;
}

WireType WireTypeOf(Type type) {
  switch (type) {
    case Type::TYPE_DOUBLE:
    case Type::TYPE_FIXED64:
    case Type::TYPE_SFIXED64:
      return kFixed64;
    case Type::TYPE_FLOAT:
    case Type::TYPE_FIXED32:
    case Type::TYPE_SFIXED32:
      return kFixed32;
    case Type::TYPE_STRING:
    case Type::TYPE_BYTES:
    case Type::TYPE_MESSAGE:
      return kBytes;
    case Type::TYPE_GROUP:
      return kStartGroup;
    default:
      return kVarint;
  }
}

// In proto2 a field may declare another default value, which an absent field then has.
std::string DefaultText(const pb::FieldDescriptor& field, const EnumTable* enumeration) {
  std::string text;
  Output out(&text, 32);
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_INT32:
      WriteInteger(field.default_value_int32(), out);
      break;
    case pb::FieldDescriptor::CPPTYPE_UINT32:
      WriteInteger(field.default_value_uint32(), out);
      break;
    case pb::FieldDescriptor::CPPTYPE_INT64:
      WriteQuotedInteger(field.default_value_int64(), out);
      break;
    case pb::FieldDescriptor::CPPTYPE_UINT64:
      WriteQuotedInteger(field.default_value_uint64(), out);
      break;
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
      WriteDouble(field.default_value_double(), out);
      break;
    case pb::FieldDescriptor::CPPTYPE_FLOAT:
      WriteFloat(field.default_value_float(), out);
      break;
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      out.Put(field.default_value_bool() ? "true" : "false");
      break;
    case pb::FieldDescriptor::CPPTYPE_ENUM:
      out.Put(enumeration->JsonText(field.default_value_enum()->number()));
      break;
    case pb::FieldDescriptor::CPPTYPE_STRING:
      if (field.type() == Type::TYPE_BYTES) {
        WriteBase64(field.default_value_string(), out);
      } else {
        WriteString(field.default_value_string(), out);
      }
      break;
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      out.Put("{}");
      break;
  }
  out.Commit();
  return text;
}

}  // namespace

absl::string_view EnumTable::JsonText(int32_t number) const {
  if (ABSL_PREDICT_TRUE(static_cast<uint32_t>(number) < small_numbers.size())) {
    return small_numbers[number];
  }
  auto it = other_numbers.find(number);
  return it == other_numbers.end() ? absl::string_view() : it->second;
}

const Field* MessageTable::ByName(absl::string_view name) const {
  auto it = by_name_.find(name);
  return it == by_name_.end() ? nullptr : &fields_[it->second];
}

const Field* MessageTable::BySparseNumber(uint32_t number) const {
  auto it = sparse_.find(number);
  return it == sparse_.end() ? nullptr : &fields_[it->second];
}

Tables::Tables() = default;
Tables::~Tables() = default;

const MessageTable& Tables::Get(const pb::Descriptor* descriptor) {
  auto& slot = messages_[descriptor];
  if (slot != nullptr) return *slot;
  slot = std::make_unique<MessageTable>();
  MessageTable& table = *slot;  // in the map before its fields, which may have this same type
  table.full_name_ = descriptor->full_name();
  table.well_known_ = WellKnownOf(table.full_name_);
  table.oneof_count_ = descriptor->real_oneof_decl_count();
  table.fields_.reserve(descriptor->field_count());
  for (int i = 0; i < descriptor->field_count(); ++i) {
    table.fields_.push_back(MakeField(*descriptor->field(i)));
    const Field& field = table.fields_.back();
    if (field.number < kDenseNumbers) {
      table.dense_.resize(std::max<size_t>(table.dense_.size(), field.number + 1), -1);
      table.dense_[field.number] = static_cast<int16_t>(i);
    } else {
      table.sparse_[field.number] = i;
    }
  }
  // JSON names win over another field's proto name.
  for (auto name : {&Field::json_name, &Field::proto_name}) {
    for (const Field& field : table.fields_) {
      table.by_name_.emplace(field.*name, static_cast<int>(table.IndexOf(field)));
    }
  }
  return table;
}

const EnumTable& Tables::GetEnum(const pb::EnumDescriptor* descriptor) {
  auto& slot = enums_[descriptor];
  if (slot != nullptr) return *slot;
  slot = std::make_unique<EnumTable>();
  slot->is_null_value = descriptor->full_name() == "google.protobuf.NullValue";
  for (int i = 0; i < descriptor->value_count(); ++i) {
    const auto& value = *descriptor->value(i);
    slot->by_name.emplace(value.name(), value.number());
    // Of several names for one number the first declared name is written.
    if (!slot->JsonText(value.number()).empty()) continue;
    std::string text = slot->is_null_value ? "null" : absl::StrCat("\"", value.name(), "\"");
    if (value.number() >= 0 && value.number() < kSmallEnum) {
      slot->small_numbers.resize(std::max<size_t>(slot->small_numbers.size(), value.number() + 1));
      slot->small_numbers[value.number()] = std::move(text);
    } else {
      slot->other_numbers.emplace(value.number(), std::move(text));
    }
  }
  return *slot;
}

Field Tables::MakeField(const pb::FieldDescriptor& descriptor) {
  Field field;
  field.type = descriptor.type();
  field.number = descriptor.number();
  field.wire_type = WireTypeOf(field.type);
  field.repeated = descriptor.is_repeated();
  field.packed = descriptor.is_packed();
  field.map = descriptor.is_map();
  const auto* oneof = descriptor.real_containing_oneof();
  if (oneof != nullptr) field.oneof = oneof->index();
  if (descriptor.message_type() != nullptr) field.message = &Get(descriptor.message_type());
  if (descriptor.enum_type() != nullptr) field.enumeration = &GetEnum(descriptor.enum_type());

  std::string tag;
  Output out(&tag, 0);
  out.PutVarint(field.number << 3 | (field.packed ? kBytes : field.wire_type));
  out.Commit();
  field.tag_size = static_cast<uint8_t>(tag.size());
  std::copy(tag.begin(), tag.end(), field.tag);

  field.json_name = descriptor.json_name();
  field.proto_name = descriptor.name();
  Output key(&field.key, 0);
  key.Put(',');
  WriteString(field.json_name, key);
  key.Put(':');
  key.Commit();
  field.key_size = field.key.size();
  field.default_text = field.map        ? "{}"
                       : field.repeated ? "[]"
                                        : DefaultText(descriptor, field.enumeration);
  if (field.repeated || !descriptor.has_presence()) {
    field.default_member = absl::StrCat(field.key, field.default_text);
  }
  field.key.resize(std::max(field.key_size, kKeyPadding));
  return field;
}

}  // namespace veche::gateway::json
