#pragma once

#include <cstdint>

#include "absl/container/fixed_array.h"
#include "absl/strings/string_view.h"
#include "services/gateway/json/table.h"

// Finds the fields of a message in its wire bytes. Internal to this folder.

namespace veche::gateway::json {

// The place of a field in the wire bytes of its message; first is null when absent.
struct Slot {
  const char* first = nullptr;  // the tag of its first occurrence
  const char* last = nullptr;   // the value of its last one
  uint32_t count = 0;
};
using Slots = absl::FixedArray<Slot, 40>;

// Whether the field may have a value of this wire type: a list may be packed or not.
inline bool HasWireType(const Field& field, uint32_t type) {
  return type == field.wire_type || (type == kBytes && field.repeated && field.is_packable());
}

// Finds every field. REQUIRES: `slots` has one slot for each field of the message. Of a oneof only
// the last member counts; unknown fields, groups and fields of an unexpected wire type are skipped,
// as in protobuf's own parser. False when the bytes are malformed.
bool FindFields(const MessageTable& table, absl::string_view wire, Slots& slots);

}  // namespace veche::gateway::json
