#pragma once

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "common/base/error.h"

namespace google::protobuf {
class Descriptor;
class Message;
}  // namespace google::protobuf

namespace veche::rpc {

// Finds the fields that are REQUIRED (google.api.field_behavior) and absent in requests of one
// type, at every depth. Numbers without presence are absent when zero. OUTPUT_ONLY fields are not
// checked. Immutable after construction; thread-safe.
class RequiredFields {
 public:
  explicit RequiredFields(const google::protobuf::Descriptor& request);
  RequiredFields(RequiredFields&&) noexcept;
  RequiredFields& operator=(RequiredFields&&) noexcept;
  ~RequiredFields();

  void Check(const google::protobuf::Message& request, Violations& violations) const;

 private:
  // The fields to check in messages of one type.
  struct Plan;
  using Plans = absl::flat_hash_map<const google::protobuf::Descriptor*, std::unique_ptr<Plan>>;

  const Plan* Compile(const google::protobuf::Descriptor& type);
  void CheckMessage(const Plan& plan, const google::protobuf::Message& message,
                    const std::string& prefix, Violations& violations) const;

  Plans plans_;
  const Plan* root_;  // null when nothing is required
};

}  // namespace veche::rpc
