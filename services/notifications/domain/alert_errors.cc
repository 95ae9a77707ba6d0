#include "services/notifications/domain/alert_errors.h"

#include "common/base/error.h"

namespace veche::notifications {
namespace {

constexpr char kDomain[] = "notifications";

}  // namespace

absl::Status AlertNotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "ALERT_NOT_FOUND", {{"name", name}});
}

absl::Status TopicNotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "TOPIC_NOT_FOUND", {{"name", name}});
}

absl::Status TopicExists(absl::string_view name) {
  return MakeError(absl::StatusCode::kAlreadyExists, kDomain, "TOPIC_EXISTS", {{"name", name}});
}

absl::Status AlertFileNotFound() {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "ALERT_FILE_NOT_FOUND");
}

absl::Status WrongAlertState(absl::string_view state) {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "ALERT_STATE",
                   {{"state", state}});
}

absl::Status AlertNeedsReview() {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "ALERT_NEEDS_REVIEW");
}

absl::Status SecondEditorNeeded() {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "SECOND_EDITOR_NEEDED");
}

absl::Status AlertExpired() {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "ALERT_EXPIRED");
}

absl::Status AlertImported(absl::string_view name) {
  return MakeError(absl::StatusCode::kAlreadyExists, kDomain, "ALERT_IMPORTED", {{"alert", name}});
}

absl::Status AlertEtagMismatch(absl::string_view current) {
  return MakeError(absl::StatusCode::kAborted, kDomain, "ETAG_MISMATCH", {{"etag", current}});
}

absl::Status CityUnknown() {
  return WithRetryAfter(MakeError(absl::StatusCode::kUnavailable, kDomain, "CITY_UNKNOWN"),
                        absl::Seconds(2));
}

}  // namespace veche::notifications
