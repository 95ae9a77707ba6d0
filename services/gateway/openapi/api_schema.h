#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/json_text.h"
#include "google/protobuf/descriptor.h"

namespace veche::gateway {

// JSON Schema (2020-12, as in OpenAPI 3.1) of messages in their proto3 JSON form. Messages and
// enums become components such as "appeals.Appeal", which WriteComponents writes. Not thread-safe.
class ApiSchemas {
 public:
  // The schema of a field, with its comment.
  void WriteField(const google::protobuf::FieldDescriptor& field, JsonText& json);
  // The schema of one value of the field: of an element if the field is repeated.
  void WriteValue(const google::protobuf::FieldDescriptor& field, JsonText& json);
  void WriteMessage(const google::protobuf::Descriptor& message, JsonText& json);
  // An object with the message's fields, except those in `without`.
  void WriteObject(const google::protobuf::Descriptor& message,
                   const std::set<std::string>& without, JsonText& json);

  // Writes every component that the schemas refer to, as members of an open object.
  void WriteComponents(JsonText& json);

  // "appeals.Appeal.State" of "veche.appeals.v1.Appeal.State".
  static std::string ComponentName(absl::string_view full_name);

 private:
  void WriteReference(absl::string_view full_name, JsonText& json);
  void WriteEnum(const google::protobuf::EnumDescriptor& type, JsonText& json);
  bool Remember(absl::string_view full_name);

  std::set<std::string> seen_;
  std::vector<const google::protobuf::Descriptor*>
      messages_;  // whose components are not written yet
  std::vector<const google::protobuf::EnumDescriptor*> enums_;
};

// Whether the field is REQUIRED (google.api.field_behavior).
bool IsRequired(const google::protobuf::FieldDescriptor& field);
bool IsOutputOnly(const google::protobuf::FieldDescriptor& field);
// Whether JSON writes the message as one value: Timestamp, Duration, FieldMask, wrappers.
bool IsScalarMessage(const google::protobuf::Descriptor& message);

}  // namespace veche::gateway
