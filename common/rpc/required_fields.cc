#include "common/rpc/required_fields.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "google/api/field_behavior.pb.h"

namespace veche::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool Has(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& behaviors = field.options().GetRepeatedExtension(google::api::field_behavior);
  return std::find(behaviors.begin(), behaviors.end(), behavior) != behaviors.end();
}

bool IsLookedInto(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         !Has(field, google::api::OUTPUT_ONLY);
}

// Whether a message of the type, or any within it, has a REQUIRED field.
bool AnyRequired(const Descriptor& type, absl::flat_hash_set<const Descriptor*>& seen) {
  if (!seen.insert(&type).second) return false;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (Has(field, google::api::REQUIRED)) return true;
    if (IsLookedInto(field) && AnyRequired(*field.message_type(), seen)) return true;
  }
  return false;
}

bool IsAbsent(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) return reflection.FieldSize(message, &field) == 0;
  if (!reflection.HasField(message, &field)) return true;
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return false;
  std::string scratch;
  return reflection.GetStringReference(message, &field, &scratch).empty();
}

}  // namespace

struct RequiredFields::Plan {
  struct Field {
    const FieldDescriptor* field;
    bool required;
    const Plan* inner;  // null when there is nothing to check inside
  };
  std::vector<Field> fields;
};

RequiredFields::RequiredFields(const Descriptor& request) : root_(Compile(request)) {}
RequiredFields::RequiredFields(RequiredFields&&) noexcept = default;
RequiredFields& RequiredFields::operator=(RequiredFields&&) noexcept = default;
RequiredFields::~RequiredFields() = default;

void RequiredFields::Check(const Message& request, Violations& violations) const {
  if (root_ != nullptr) CheckMessage(*root_, request, "", violations);
}

const RequiredFields::Plan* RequiredFields::Compile(const Descriptor& type) {
  if (auto it = plans_.find(&type); it != plans_.end()) return it->second.get();
  absl::flat_hash_set<const Descriptor*> seen;
  if (!AnyRequired(type, seen)) return nullptr;
  // Stored before its fields are compiled, because a type may contain itself.
  Plan* plan = plans_.emplace(&type, std::make_unique<Plan>()).first->second.get();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const bool required = Has(field, google::api::REQUIRED);
    const Plan* inner = IsLookedInto(field) ? Compile(*field.message_type()) : nullptr;
    if (required || inner != nullptr) plan->fields.push_back({&field, required, inner});
  }
  return plan;
}

void RequiredFields::CheckMessage(const Plan& plan, const Message& message,
                                  const std::string& prefix, Violations& violations) const {
  const Reflection& reflection = *message.GetReflection();
  for (const Plan::Field& entry : plan.fields) {
    const FieldDescriptor& field = *entry.field;
    const bool absent = IsAbsent(message, field);
    if (absent && entry.required) {
      violations.Add(absl::StrCat(prefix, field.json_name()), "REQUIRED");
    }
    if (absent || entry.inner == nullptr) continue;
    if (!field.is_repeated()) {
      CheckMessage(*entry.inner, reflection.GetMessage(message, &field),
                   absl::StrCat(prefix, field.json_name(), "."), violations);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      CheckMessage(*entry.inner, reflection.GetRepeatedMessage(message, &field, i),
                   absl::StrCat(prefix, field.json_name(), "[", i, "]."), violations);
    }
  }
}

}  // namespace veche::rpc
