#include "services/gateway/openapi/api_schema.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "google/api/field_behavior.pb.h"
#include "services/gateway/openapi/documentation.h"

namespace veche::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

bool HasBehavior(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

struct WellKnownSchema {
  absl::string_view name;
  absl::string_view schema;
  bool scalar;
};

constexpr WellKnownSchema kWellKnown[] = {
    {"google.protobuf.Timestamp", R"({"type":"string","format":"date-time"})", true},
    {"google.protobuf.Duration", R"({"type":"string","examples":["1.5s"]})", true},
    {"google.protobuf.FieldMask", R"({"type":"string"})", true},
    {"google.protobuf.StringValue", R"({"type":["string","null"]})", true},
    {"google.protobuf.BoolValue", R"({"type":["boolean","null"]})", true},
    {"google.protobuf.DoubleValue", R"({"type":["number","null"]})", true},
    {"google.protobuf.Int32Value", R"({"type":["integer","null"]})", true},
    {"google.protobuf.Int64Value", R"({"type":["string","null"],"format":"int64"})", true},
    {"google.protobuf.Struct", R"({"type":"object","additionalProperties":true})", false},
    {"google.protobuf.ListValue", R"({"type":"array","items":true})", false},
    {"google.protobuf.Value", R"({"description":"Any JSON."})", false},
    {"google.protobuf.Empty", R"({"type":"object"})", false},
    {"google.protobuf.Any", R"({"type":"object"})", false},
};

const WellKnownSchema* FindWellKnown(absl::string_view name) {
  for (const WellKnownSchema& entry : kWellKnown) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

absl::string_view ScalarSchema(FieldDescriptor::Type type) {
  switch (type) {
    case FieldDescriptor::TYPE_DOUBLE:
      return R"({"type":"number","format":"double"})";
    case FieldDescriptor::TYPE_FLOAT:
      return R"({"type":"number","format":"float"})";
    case FieldDescriptor::TYPE_BOOL:
      return R"({"type":"boolean"})";
    case FieldDescriptor::TYPE_STRING:
      return R"({"type":"string"})";
    case FieldDescriptor::TYPE_BYTES:
      return R"({"type":"string","contentEncoding":"base64"})";
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_SINT64:
    case FieldDescriptor::TYPE_SFIXED64:
      return R"({"type":"string","format":"int64"})";
    case FieldDescriptor::TYPE_UINT64:
    case FieldDescriptor::TYPE_FIXED64:
      return R"({"type":"string","format":"uint64"})";
    default:
      return R"({"type":"integer","format":"int32"})";
  }
}

}  // namespace

bool IsRequired(const FieldDescriptor& field) { return HasBehavior(field, google::api::REQUIRED); }
bool IsOutputOnly(const FieldDescriptor& field) {
  return HasBehavior(field, google::api::OUTPUT_ONLY);
}
bool IsScalarMessage(const Descriptor& message) {
  const WellKnownSchema* known = FindWellKnown(message.full_name());
  return known != nullptr && known->scalar;
}

std::string ApiSchemas::ComponentName(absl::string_view full_name) {
  absl::ConsumePrefix(&full_name, "veche.");
  return absl::StrReplaceAll(full_name, {{".v1.", "."}});
}

bool ApiSchemas::Remember(absl::string_view full_name) {
  return seen_.insert(std::string(full_name)).second;
}

void ApiSchemas::WriteReference(absl::string_view full_name, JsonText& json) {
  json.BeginObject();
  json.Member("$ref", absl::StrCat("#/components/schemas/", ComponentName(full_name)));
  json.EndObject();
}

void ApiSchemas::WriteMessage(const Descriptor& message, JsonText& json) {
  if (const WellKnownSchema* known = FindWellKnown(message.full_name())) {
    json.Raw(known->schema);
    return;
  }
  if (Remember(message.full_name())) messages_.push_back(&message);
  WriteReference(message.full_name(), json);
}

void ApiSchemas::WriteValue(const FieldDescriptor& field, JsonText& json) {
  if (field.type() == FieldDescriptor::TYPE_MESSAGE) {
    WriteMessage(*field.message_type(), json);
  } else if (field.type() == FieldDescriptor::TYPE_ENUM) {
    if (Remember(field.enum_type()->full_name())) enums_.push_back(field.enum_type());
    WriteReference(field.enum_type()->full_name(), json);
  } else {
    json.Raw(ScalarSchema(field.type()));
  }
}

void ApiSchemas::WriteField(const FieldDescriptor& field, JsonText& json) {
  JsonText inner;
  if (field.is_map()) {
    inner.BeginObject().Member("type", "object").Key("additionalProperties");
    WriteValue(*field.message_type()->map_value(), inner);
    inner.EndObject();
  } else if (field.is_repeated()) {
    inner.BeginObject().Member("type", "array").Key("items");
    WriteValue(field, inner);
    inner.EndObject();
  } else {
    WriteValue(field, inner);
  }
  // The comment and the flags are members of the same object.
  std::string schema = inner.Take();
  schema.pop_back();
  JsonText extra;
  extra.BeginObject();
  const absl::string_view comment = Documentation::Get().Of(field.full_name());
  if (!comment.empty()) extra.Member("description", comment);
  if (IsOutputOnly(field)) extra.Key("readOnly").Bool(true);
  extra.EndObject();
  const std::string more = extra.Take();
  json.Raw(absl::StrCat(schema, more == "{}" || schema == "{" ? "" : ",", more.substr(1)));
}

void ApiSchemas::WriteObject(const Descriptor& message, const std::set<std::string>& without,
                             JsonText& json) {
  json.BeginObject().Member("type", "object");
  const absl::string_view comment = Documentation::Get().Of(message.full_name());
  if (!comment.empty()) json.Member("description", comment);
  std::vector<const FieldDescriptor*> required;
  json.Key("properties").BeginObject();
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (without.count(field.name()) > 0) continue;
    json.Key(field.json_name());
    WriteField(field, json);
    if (IsRequired(field)) required.push_back(&field);
  }
  json.EndObject();
  if (!required.empty()) {
    json.Key("required").BeginArray();
    for (const FieldDescriptor* field : required) json.String(field->json_name());
    json.EndArray();
  }
  json.EndObject();
}

void ApiSchemas::WriteEnum(const EnumDescriptor& type, JsonText& json) {
  std::string description(Documentation::Get().Of(type.full_name()));
  json.BeginObject().Member("type", "string").Key("enum").BeginArray();
  for (int i = 0; i < type.value_count(); ++i) {
    const auto& value = *type.value(i);
    json.String(value.name());
    const absl::string_view comment = Documentation::Get().Of(value.full_name());
    if (!comment.empty()) absl::StrAppend(&description, "\n- ", value.name(), ": ", comment);
  }
  json.EndArray();
  if (!description.empty()) json.Member("description", description);
  json.EndObject();
}

void ApiSchemas::WriteComponents(JsonText& json) {
  while (!messages_.empty() || !enums_.empty()) {
    if (!enums_.empty()) {
      const EnumDescriptor* type = enums_.back();
      enums_.pop_back();
      json.Key(ComponentName(type->full_name()));
      WriteEnum(*type, json);
      continue;
    }
    const Descriptor* message = messages_.back();
    messages_.pop_back();
    json.Key(ComponentName(message->full_name()));
    WriteObject(*message, {}, json);
  }
}

}  // namespace veche::gateway
