#include "services/notifications/domain/errors.h"

#include "common/base/error.h"

namespace veche::notifications {

absl::Status TooManyStreams() {
  return WithRetryAfter(
      MakeError(absl::StatusCode::kResourceExhausted, "notifications", "TOO_MANY_STREAMS",
                "Too many streams are open. Close one or try again later."),
      absl::Seconds(5));
}

absl::Status Stopping() {
  return WithRetryAfter(MakeError(absl::StatusCode::kUnavailable, "notifications", "STOPPING",
                                  "This server stops. Connect again with the last event id."),
                        absl::Seconds(1));
}

}  // namespace veche::notifications
