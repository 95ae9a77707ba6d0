#pragma once

#include <cstdint>

#include "absl/container/fixed_array.h"
#include "absl/strings/string_view.h"
#include "services/gateway/json/table.h"

// The fields of a message in its wire bytes. Internal to this folder.

namespace veche::gateway::json {

// Where a field stands in the wire bytes of its message.
struct Slot {
  const char* first = nullptr;  // the tag of its first occurrence
  const char* last = nullptr;   // the value of its last one
  uint32_t count = 0;
};
using Slots = absl::FixedArray<Slot, 40>;

// Whether a value of this wire type may be one of the field: lists come packed and not.
inline bool HasWireType(const Field& field, uint32_t type) {
  return type == field.wire_type || (type == kBytes && field.repeated && field.is_packable());
}

// Finds every field; `slots` is as long as the message has fields. Of a oneof only the last member
// counts; unknown fields, groups and fields of an unexpected wire type are passed over, as by
// protobuf's own parser. False when the bytes are no message.
bool FindFields(const MessageTable& table, absl::string_view wire, Slots& slots);

}  // namespace veche::gateway::json
