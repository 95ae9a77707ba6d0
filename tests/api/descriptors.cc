#include "tests/api/descriptors.h"

#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/match.h"
#include "google/api/annotations.pb.h"
#include "google/api/field_behavior.pb.h"
#include "veche/options/v1/options.pb.h"

namespace veche::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::EnumDescriptor;
using google::protobuf::FileDescriptor;

std::vector<const FileDescriptor*> Load() {
  // Links these descriptors in, so that the options are parsed as extensions, not as unknown
  // fields.
  options::v1::AccessRule::descriptor();
  google::api::HttpRule::descriptor();
  google::protobuf::FileDescriptorSet set;
  std::ifstream in(VECHE_DESCRIPTORS, std::ios::binary);
  EXPECT_TRUE(set.ParseFromIstream(&in)) << VECHE_DESCRIPTORS;
  auto* pool = new DescriptorPool;  // for the life of the tests
  std::vector<const FileDescriptor*> files;
  for (const auto& file : set.file()) {
    const FileDescriptor* built = pool->BuildFile(file);
    EXPECT_NE(built, nullptr) << file.name();
    if (built != nullptr && absl::StartsWith(file.name(), "veche/")) files.push_back(built);
  }
  EXPECT_FALSE(files.empty());
  return files;
}

void Visit(const Descriptor& message, const std::function<void(const Descriptor&)>& visit) {
  if (message.options().map_entry()) return;
  visit(message);
  for (int i = 0; i < message.nested_type_count(); ++i) Visit(*message.nested_type(i), visit);
}

}  // namespace

const std::vector<const FileDescriptor*>& PublicFiles() {
  static const auto& files = *new std::vector<const FileDescriptor*>(Load());
  return files;
}

void ForEachMethod(const std::function<void(const google::protobuf::MethodDescriptor&)>& visit) {
  for (const FileDescriptor* file : PublicFiles()) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j)
        visit(*file->service(i)->method(j));
    }
  }
}

void ForEachMessage(const std::function<void(const Descriptor&)>& visit) {
  for (const FileDescriptor* file : PublicFiles()) {
    for (int i = 0; i < file->message_type_count(); ++i) Visit(*file->message_type(i), visit);
  }
}

void ForEachEnum(const std::function<void(const EnumDescriptor&)>& visit) {
  for (const FileDescriptor* file : PublicFiles()) {
    for (int i = 0; i < file->enum_type_count(); ++i) visit(*file->enum_type(i));
  }
  ForEachMessage([&](const Descriptor& message) {
    for (int i = 0; i < message.enum_type_count(); ++i) visit(*message.enum_type(i));
  });
}

void ForEachField(const std::function<void(const google::protobuf::FieldDescriptor&)>& visit) {
  ForEachMessage([&](const Descriptor& message) {
    for (int i = 0; i < message.field_count(); ++i) visit(*message.field(i));
  });
}

}  // namespace veche::testing
