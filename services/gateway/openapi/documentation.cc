#include "services/gateway/openapi/documentation.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "common/base/embedded_file.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"

namespace veche::gateway {

absl::Span<const EmbeddedFile> Descriptors();

namespace {

using Comments = absl::flat_hash_map<std::string, std::string>;

// Joins the lines of each paragraph.
std::string Tidy(const std::string& comment) {
  std::string result;
  for (absl::string_view line : absl::StrSplit(comment, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    const bool break_before = result.empty() || result.back() == '\n';
    absl::StrAppend(&result, line.empty() ? "\n" : break_before ? "" : " ", line);
  }
  return std::string(absl::StripAsciiWhitespace(result));
}

template <typename Descriptor>
void Take(const Descriptor& descriptor, Comments& comments) {
  google::protobuf::SourceLocation location;
  if (!descriptor.GetSourceLocation(&location)) return;
  std::string comment = Tidy(location.leading_comments);
  if (!comment.empty()) comments[descriptor.full_name()] = std::move(comment);
}

void TakeEnum(const google::protobuf::EnumDescriptor& descriptor, Comments& comments) {
  Take(descriptor, comments);
  for (int i = 0; i < descriptor.value_count(); ++i) Take(*descriptor.value(i), comments);
}

void TakeMessage(const google::protobuf::Descriptor& descriptor, Comments& comments) {
  Take(descriptor, comments);
  for (int i = 0; i < descriptor.field_count(); ++i) Take(*descriptor.field(i), comments);
  for (int i = 0; i < descriptor.enum_type_count(); ++i) {
    TakeEnum(*descriptor.enum_type(i), comments);
  }
  for (int i = 0; i < descriptor.nested_type_count(); ++i) {
    TakeMessage(*descriptor.nested_type(i), comments);
  }
}

void TakeFile(const google::protobuf::FileDescriptor& file, Comments& comments) {
  for (int i = 0; i < file.message_type_count(); ++i) TakeMessage(*file.message_type(i), comments);
  for (int i = 0; i < file.enum_type_count(); ++i) TakeEnum(*file.enum_type(i), comments);
  for (int i = 0; i < file.service_count(); ++i) {
    Take(*file.service(i), comments);
    for (int j = 0; j < file.service(i)->method_count(); ++j) {
      Take(*file.service(i)->method(j), comments);
    }
  }
}

}  // namespace

Documentation::Documentation() {
  google::protobuf::FileDescriptorSet set;
  const absl::string_view bytes = Descriptors()[0].content;
  if (!set.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  google::protobuf::DescriptorPool pool;
  for (const auto& file : set.file()) {
    const auto* built = pool.BuildFile(file);
    if (built != nullptr && file.package().rfind("veche.", 0) == 0) TakeFile(*built, comments_);
  }
}

const Documentation& Documentation::Get() {
  static const Documentation& documentation = *new Documentation();
  return documentation;
}

absl::string_view Documentation::Of(absl::string_view full_name) const {
  const auto found = comments_.find(full_name);
  return found == comments_.end() ? absl::string_view() : absl::string_view(found->second);
}

}  // namespace veche::gateway
