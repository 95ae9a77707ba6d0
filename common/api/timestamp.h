#pragma once

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace veche::api {

// To the nanosecond, rounded down.
google::protobuf::Timestamp ToTimestamp(absl::Time time);
absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp);

}  // namespace veche::api
