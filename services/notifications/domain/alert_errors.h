#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Every error about alerts that a client may branch on. The comment is the reason's meaning.

namespace veche::notifications {

// ALERT_NOT_FOUND: there is no such alert, or it was never published and the caller is no editor.
absl::Status AlertNotFound(absl::string_view name);
// TOPIC_NOT_FOUND.
absl::Status TopicNotFound(absl::string_view name);
// TOPIC_EXISTS.
absl::Status TopicExists(absl::string_view name);
// ALERT_FILE_NOT_FOUND: no alert has this file.
absl::Status AlertFileNotFound();
// ALERT_STATE, with metadata state ("DRAFT"): the alert is not in a state for this call.
absl::Status WrongAlertState(absl::string_view state);
// ALERT_NEEDS_REVIEW: an emergency is published from review only, and a published one is superseded
// instead of changed.
absl::Status AlertNeedsReview();
// SECOND_EDITOR_NEEDED: another editor than the one who changed it last publishes an emergency.
absl::Status SecondEditorNeeded();
// ALERT_EXPIRED: the expire time has passed before the alert was published.
absl::Status AlertExpired();
// ALERT_IMPORTED, with metadata alert: the CAP message was imported before.
absl::Status AlertImported(absl::string_view name);
// ETAG_MISMATCH, with metadata etag (the current one): the alert has changed since it was read.
absl::Status AlertEtagMismatch(absl::string_view current);
// CITY_UNKNOWN: the directory was not reached yet, so districts cannot be checked.
absl::Status CityUnknown();

}  // namespace veche::notifications
