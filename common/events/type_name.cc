#include "common/events/type_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace veche::events {
namespace {

// "veche.appeals." of the package veche.appeals.v1.
std::string PrefixOf(const google::protobuf::EnumDescriptor& type) {
  const std::string& package = type.file()->package();
  return package.substr(0, package.rfind('.') + 1);
}

}  // namespace

std::string TypeName(const google::protobuf::EnumValueDescriptor& value) {
  return absl::StrCat(PrefixOf(*value.type()), absl::AsciiStrToLower(value.name()));
}

const google::protobuf::EnumValueDescriptor* FindType(const google::protobuf::EnumDescriptor& type,
                                                      absl::string_view name) {
  if (!absl::ConsumePrefix(&name, PrefixOf(type))) return nullptr;
  const auto* value = type.FindValueByName(absl::AsciiStrToUpper(name));
  return value == nullptr || value->number() == 0 ? nullptr : value;
}

}  // namespace veche::events
