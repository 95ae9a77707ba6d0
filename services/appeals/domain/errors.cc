#include "services/appeals/domain/errors.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace veche::appeals {
namespace {

constexpr absl::string_view kDomain = "appeals";

}  // namespace

absl::Status AppealNotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "APPEAL_NOT_FOUND", {{"name", name}});
}

absl::Status AttachmentNotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "ATTACHMENT_NOT_FOUND", {{"name", name}});
}

absl::Status TransitionNotAllowed(absl::string_view state, absl::string_view action) {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "TRANSITION_NOT_ALLOWED",
                   {{"state", state}, {"action", action}});
}

absl::Status TransitionNotAllowedMerged(absl::string_view action, absl::string_view merged_into) {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "TRANSITION_NOT_ALLOWED",
                   {{"state", "MERGED"}, {"action", action}, {"mergedInto", merged_into}},
                   "APPEAL_MERGED");
}

absl::Status NotInThisState(absl::string_view state) {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "NOT_IN_THIS_STATE",
                   {{"state", state}});
}

absl::Status EtagMismatch(absl::string_view current) {
  return MakeError(absl::StatusCode::kAborted, kDomain, "ETAG_MISMATCH", {{"etag", current}});
}

absl::Status RoutingRulesNotFound(int64_t version) {
  return MakeError(absl::StatusCode::kNotFound, kDomain, "ROUTING_RULES_NOT_FOUND",
                   {{"version", absl::StrCat(version)}});
}

absl::Status RoutingRulesChanged(int64_t version) {
  return MakeError(absl::StatusCode::kAborted, kDomain, "ETAG_MISMATCH",
                   {{"etag", absl::StrCat(version)}}, "ROUTING_RULES_CHANGED");
}

absl::Status OtherDepartment() {
  return MakeError(absl::StatusCode::kPermissionDenied, kDomain, "OTHER_DEPARTMENT");
}

absl::Status NotAuthor() {
  return MakeError(absl::StatusCode::kPermissionDenied, kDomain, "NOT_AUTHOR");
}

absl::Status SignInNeeded() {
  return MakeError(absl::StatusCode::kUnauthenticated, kDomain, "TOKEN_REQUIRED", {},
                   "FORMAL_NEEDS_SIGN_IN");
}

absl::Status MergeCycle() {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "MERGE_CYCLE");
}

absl::Status MergeTargetGone(absl::string_view state) {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "MERGE_TARGET_NOT_OPEN",
                   {{"state", state}});
}

absl::Status TooManyMessages() {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "TOO_MANY_MESSAGES");
}

absl::Status TimelineFull() {
  return MakeError(absl::StatusCode::kFailedPrecondition, kDomain, "TIMELINE_FULL");
}

absl::Status UploadQuotaExceeded() {
  return WithRetryAfter(
      MakeError(absl::StatusCode::kResourceExhausted, kDomain, "UPLOAD_QUOTA_EXCEEDED"),
      absl::Hours(1));
}

absl::Status TooManyWatchers() {
  return WithRetryAfter(
      MakeError(absl::StatusCode::kResourceExhausted, kDomain, "TOO_MANY_WATCHERS"),
      absl::Seconds(30));
}

}  // namespace veche::appeals
