#include "services/appeals/domain/errors.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace veche::appeals {
namespace {

constexpr absl::string_view kDomain = "appeals";

}  // namespace

absl::Status AppealNotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "APPEAL_NOT_FOUND",
                   "There is no such appeal, or it is not for you to see.", {{"name", name}});
}

absl::Status AttachmentNotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "ATTACHMENT_NOT_FOUND",
                   "There is no such attachment, or it is not for you to see.", {{"name", name}});
}

absl::Status TransitionNotAllowed(absl::string_view state, absl::string_view action) {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "TRANSITION_NOT_ALLOWED",
                   absl::StrCat("The appeal is ", state, "; ", action, " is not possible now."),
                   {{"state", state}, {"action", action}});
}

absl::Status TransitionNotAllowedMerged(absl::string_view action, absl::string_view merged_into) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, kDomain, "TRANSITION_NOT_ALLOWED",
      absl::StrCat("The appeal is MERGED; ", action, " is possible with ", merged_into, " now."),
      {{"state", "MERGED"}, {"action", action}, {"mergedInto", merged_into}});
}

absl::Status NotInThisState(absl::string_view state, absl::string_view message) {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "NOT_IN_THIS_STATE",
                   absl::StrCat("The appeal is ", state, ". ", message), {{"state", state}});
}

absl::Status EtagMismatch(absl::string_view current) {
  return MakeError(absl::StatusCode::kAborted, kDomain, "ETAG_MISMATCH",
                   "The appeal has changed since you read it. Read it again and decide anew.",
                   {{"etag", current}});
}

absl::Status RoutingRulesNotFound(int64_t version) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "ROUTING_RULES_NOT_FOUND",
                   "No rules of routing were ever saved as this version.",
                   {{"version", absl::StrCat(version)}});
}

absl::Status RoutingRulesChanged(int64_t version) {
  return MakeError(absl::StatusCode::kAborted, kDomain, "ETAG_MISMATCH",
                   "The rules of routing were saved by somebody else since you read them. Read "
                   "them again and decide anew.",
                   {{"etag", absl::StrCat(version)}});
}

absl::Status OtherDepartment() {
  return MakeError(absl::StatusCode::kPermissionDenied, kDomain, "OTHER_DEPARTMENT",
                   "The appeal belongs to another department. Ask a supervisor to assign it.");
}

absl::Status ServiceNotAllowed() {
  return MakeError(absl::StatusCode::kPermissionDenied, kDomain, "SERVICE_NOT_ALLOWED",
                   "This call is for the service classification alone.");
}

absl::Status NotAuthor() {
  return MakeError(absl::StatusCode::kPermissionDenied, kDomain, "NOT_AUTHOR",
                   "Only the author of the appeal may do this. Guests need their follow token.");
}

absl::Status SignInNeeded() {
  return MakeError(
      absl::StatusCode::kUnauthenticated, kDomain, "TOKEN_REQUIRED",
      "A formal appeal needs a resident who is signed in. Sign in, or send a MESSAGE.");
}

absl::Status MergeCycle() {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "MERGE_CYCLE",
                   "An appeal cannot be merged into itself, nor into one that was merged into it.");
}

absl::Status MergeTargetGone(absl::string_view state) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, kDomain, "MERGE_TARGET_NOT_OPEN",
      absl::StrCat("The appeal to merge into is ", state, ". Choose one that is open or solved."),
      {{"state", state}});
}

absl::Status TooManyMessages() {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "TOO_MANY_MESSAGES",
                   "The appeal has as many messages as it can hold. Submit a new appeal and name "
                   "the number of this one in it.");
}

absl::Status TimelineFull() {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "TIMELINE_FULL",
                   "So much has happened with this appeal that it can only be ended: resolve, "
                   "reject, forward, merge or withdraw it.");
}

absl::Status UploadQuotaExceeded() {
  return WithRetryAfter(
      MakeError(absl::StatusCode::kResourceExhausted, kDomain, "UPLOAD_QUOTA_EXCEEDED",
                "You have uploaded as much in a day as you may without attaching it to an appeal."),
      absl::Hours(1));
}

absl::Status TooManyWatchers() {
  return WithRetryAfter(
      MakeError(absl::StatusCode::kResourceExhausted, kDomain, "TOO_MANY_WATCHERS",
                "Too many clients are watching. Read the appeal now and then instead."),
      absl::Seconds(30));
}

}  // namespace veche::appeals
