#pragma once

#include "common/base/error.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace veche::directory {

// Replaces fields of `current` by those of `update`, which has the same type: the fields of `mask`,
// or without paths the fields that `update` has. Fields that clients cannot set (OUTPUT_ONLY, name)
// stay. Adds a violation of updateMask for a path that is no field that clients set; "*" is all of
// them.
void MergeFields(const google::protobuf::Message& update, const google::protobuf::FieldMask& mask,
                 google::protobuf::Message& current, Violations& violations);

}  // namespace veche::directory
