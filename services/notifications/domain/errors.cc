#include "services/notifications/domain/errors.h"

#include "common/base/error.h"

namespace veche::notifications {

absl::Status TooManyStreams() {
  return WithRetryAfter(
      MakeError(absl::StatusCode::kResourceExhausted, "notifications", "TOO_MANY_STREAMS"),
      absl::Seconds(5));
}

absl::Status LinkUnknown() {
  return MakeError(absl::StatusCode::kNotFound, "notifications", "LINK_UNKNOWN");
}

absl::Status TooManyDevices() {
  return WithRetryAfter(
      MakeError(absl::StatusCode::kResourceExhausted, "notifications", "TOO_MANY_DEVICES"),
      absl::Hours(1));
}

absl::Status DeviceNotFound() {
  return MakeError(absl::StatusCode::kNotFound, "notifications", "DEVICE_NOT_FOUND");
}

absl::Status Stopping() {
  return WithRetryAfter(MakeError(absl::StatusCode::kUnavailable, "notifications", "STOPPING"),
                        absl::Seconds(1));
}

}  // namespace veche::notifications
