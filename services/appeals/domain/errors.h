#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Every error of this service that a client may branch on, by its reason.

namespace veche::appeals {

// NOT_FOUND, APPEAL_NOT_FOUND: there is no such appeal, or the caller may not see it.
absl::Status AppealNotFound(absl::string_view name);
// NOT_FOUND, ATTACHMENT_NOT_FOUND.
absl::Status AttachmentNotFound(absl::string_view name);
// FAILED_PRECONDITION, TRANSITION_NOT_ALLOWED with metadata state and action.
absl::Status TransitionNotAllowed(absl::string_view state, absl::string_view action);
// The same for a merged appeal, with metadata mergedInto.
absl::Status TransitionNotAllowedMerged(absl::string_view action, absl::string_view merged_into);
// FAILED_PRECONDITION, NOT_IN_THIS_STATE with metadata state: a message to an appeal that has
// ended.
absl::Status NotInThisState(absl::string_view state);
// ABORTED, ETAG_MISMATCH with metadata etag (the current one).
absl::Status EtagMismatch(absl::string_view current);
// NOT_FOUND, ROUTING_RULES_NOT_FOUND: no such version was saved.
absl::Status RoutingRulesNotFound(int64_t version);
// ABORTED, ETAG_MISMATCH with metadata etag (the current one): another version was saved.
absl::Status RoutingRulesChanged(int64_t version);
// PERMISSION_DENIED, OTHER_DEPARTMENT.
absl::Status OtherDepartment();
// PERMISSION_DENIED, NOT_AUTHOR.
absl::Status NotAuthor();
// UNAUTHENTICATED, TOKEN_REQUIRED: formal appeals have an identified author.
absl::Status SignInNeeded();
// FAILED_PRECONDITION, MERGE_CYCLE: the target was merged into the repeat, or is the repeat.
absl::Status MergeCycle();
// FAILED_PRECONDITION, MERGE_TARGET_NOT_OPEN with metadata state.
absl::Status MergeTargetGone(absl::string_view state);
// FAILED_PRECONDITION, TOO_MANY_MESSAGES: the appeal has reached its limit of messages.
absl::Status TooManyMessages();
// FAILED_PRECONDITION, TIMELINE_FULL: only a step that ends the appeal is possible.
absl::Status TimelineFull();
// RESOURCE_EXHAUSTED, UPLOAD_QUOTA_EXCEEDED with RetryInfo: too many bytes in a day that no appeal
// has.
absl::Status UploadQuotaExceeded();
// RESOURCE_EXHAUSTED, TOO_MANY_WATCHERS with RetryInfo.
absl::Status TooManyWatchers();

}  // namespace veche::appeals
