#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/json_text.h"
#include "google/protobuf/descriptor.h"

namespace veche::gateway {

// JSON Schema (2020-12, as OpenAPI 3.1 has it) of messages in their proto3 JSON form. Messages and
// enums become components "appeals.Appeal", remembered until WriteComponents.
class ApiSchemas {
 public:
  // The schema of a field, with its comment.
  void WriteField(const google::protobuf::FieldDescriptor& field, JsonText& json);
  // The schema of one value of the field: of an element where it is repeated.
  void WriteValue(const google::protobuf::FieldDescriptor& field, JsonText& json);
  void WriteMessage(const google::protobuf::Descriptor& message, JsonText& json);
  // An object with the message's fields but those in `without`.
  void WriteObject(const google::protobuf::Descriptor& message,
                   const std::set<std::string>& without, JsonText& json);

  // The components that all that was written refers to, as members of an open object.
  void WriteComponents(JsonText& json);

  // "appeals.Appeal.State" of "veche.appeals.v1.Appeal.State".
  static std::string ComponentName(absl::string_view full_name);

 private:
  void WriteReference(absl::string_view full_name, JsonText& json);
  void WriteEnum(const google::protobuf::EnumDescriptor& type, JsonText& json);
  bool Remember(absl::string_view full_name);

  std::set<std::string> seen_;
  std::vector<const google::protobuf::Descriptor*> messages_;  // to be written
  std::vector<const google::protobuf::EnumDescriptor*> enums_;
};

// The field has this google.api.field_behavior.
bool IsRequired(const google::protobuf::FieldDescriptor& field);
bool IsOutputOnly(const google::protobuf::FieldDescriptor& field);
// A message that is written as one value: Timestamp, Duration, FieldMask, wrappers.
bool IsScalarMessage(const google::protobuf::Descriptor& message);

}  // namespace veche::gateway
