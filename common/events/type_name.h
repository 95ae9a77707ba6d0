#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"

// Types of events. A service lists the types of its events in an enum of its protos, and C++ uses
// the enum's values: a typo does not compile. On the wire a type is a text, the enum's package
// without its version and the value's name in lower case: "veche.appeals.info_requested".

namespace veche::events {

std::string TypeName(const google::protobuf::EnumValueDescriptor& value);
// The value that `name` stands for; null when `type` has none.
const google::protobuf::EnumValueDescriptor* FindType(const google::protobuf::EnumDescriptor& type,
                                                      absl::string_view name);

// REQUIRES: `value` is one of Enum's.
template <typename Enum>
std::string TypeName(Enum value) {
  return TypeName(*google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(value));
}

// Enum's zero for the types of other services and of newer versions of this program.
template <typename Enum>
Enum ParseType(absl::string_view name) {
  const auto* value = FindType(*google::protobuf::GetEnumDescriptor<Enum>(), name);
  return static_cast<Enum>(value == nullptr ? 0 : value->number());
}

}  // namespace veche::events
