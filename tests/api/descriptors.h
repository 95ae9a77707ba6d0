#pragma once

#include <google/protobuf/descriptor.h>

#include <functional>
#include <vector>

namespace veche::testing {

// The descriptors of our public protos, with their comments; without Google's.
const std::vector<const google::protobuf::FileDescriptor*>& PublicFiles();

void ForEachMethod(const std::function<void(const google::protobuf::MethodDescriptor&)>& visit);
// Includes nested messages, except map entries.
void ForEachMessage(const std::function<void(const google::protobuf::Descriptor&)>& visit);
void ForEachEnum(const std::function<void(const google::protobuf::EnumDescriptor&)>& visit);
void ForEachField(const std::function<void(const google::protobuf::FieldDescriptor&)>& visit);

}  // namespace veche::testing
