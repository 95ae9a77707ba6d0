#include "services/directory/calls/merge_fields.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "google/api/field_behavior.pb.h"
#include "google/protobuf/descriptor.h"

namespace veche::directory {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsSettable(const FieldDescriptor& field) {
  if (field.name() == "name") return false;
  const auto& behaviors = field.options().GetRepeatedExtension(google::api::field_behavior);
  return std::find(behaviors.begin(), behaviors.end(), google::api::OUTPUT_ONLY) == behaviors.end();
}

std::vector<const FieldDescriptor*> SettableFields(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (IsSettable(*type.field(i))) fields.push_back(type.field(i));
  }
  return fields;
}

std::vector<const FieldDescriptor*> FieldsOf(const google::protobuf::FieldMask& mask,
                                             const Message& message, Violations& violations) {
  std::vector<const FieldDescriptor*> fields;
  for (const std::string& path : mask.paths()) {
    if (path == "*") return SettableFields(message);
    const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(path);
    if (field == nullptr || !IsSettable(*field)) {
      violations.Add("updateMask", {"UPDATE_MASK", {{"path", path}}});
    } else if (std::find(fields.begin(), fields.end(), field) == fields.end()) {
      fields.push_back(field);
    }
  }
  return fields;
}

}  // namespace

void MergeFields(const Message& update, const google::protobuf::FieldMask& mask, Message& current,
                 Violations& violations) {
  std::vector<const FieldDescriptor*> fields;
  if (mask.paths().empty()) {
    update.GetReflection()->ListFields(update, &fields);
    fields.erase(std::remove_if(fields.begin(), fields.end(),
                                [](const FieldDescriptor* field) { return !IsSettable(*field); }),
                 fields.end());
  } else {
    fields = FieldsOf(mask, current, violations);
  }
  const std::unique_ptr<Message> source(update.New());
  source->CopyFrom(update);
  current.GetReflection()->SwapFields(source.get(), &current, fields);
}

}  // namespace veche::directory
