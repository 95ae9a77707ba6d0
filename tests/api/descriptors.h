#pragma once

#include <google/protobuf/descriptor.h>

#include <functional>
#include <vector>

namespace veche::testing {

// The suite's public protos as the build made them, with their comments. Google's own are left out.
const std::vector<const google::protobuf::FileDescriptor*>& PublicFiles();

void ForEachMethod(const std::function<void(const google::protobuf::MethodDescriptor&)>& visit);
// Nested ones too; not the entries of maps.
void ForEachMessage(const std::function<void(const google::protobuf::Descriptor&)>& visit);
void ForEachEnum(const std::function<void(const google::protobuf::EnumDescriptor&)>& visit);
void ForEachField(const std::function<void(const google::protobuf::FieldDescriptor&)>& visit);

}  // namespace veche::testing
