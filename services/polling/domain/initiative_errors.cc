#include "services/polling/domain/initiative_errors.h"

#include "common/base/error.h"

namespace veche::polling {
namespace {

using absl::StatusCode;

constexpr absl::string_view kDomain = "polling";

}  // namespace

absl::Status InitiativeNotFound(absl::string_view name) {
  return MakeError(StatusCode::kNotFound, kDomain, "INITIATIVE_NOT_FOUND", {{"name", name}});
}

absl::Status CommentNotFound(absl::string_view name) {
  return MakeError(StatusCode::kNotFound, kDomain, "COMMENT_NOT_FOUND", {{"name", name}});
}

absl::Status StatementNotFound(absl::string_view name) {
  return MakeError(StatusCode::kNotFound, kDomain, "STATEMENT_NOT_FOUND", {{"name", name}});
}

absl::Status InitiativeStepNotAllowed(absl::string_view state, absl::string_view action) {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "INITIATIVE_STEP_NOT_ALLOWED",
                   {{"state", state}, {"action", action}});
}

absl::Status InitiativeNotOpen(absl::string_view state) {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "INITIATIVE_NOT_OPEN",
                   {{"state", state}});
}

absl::Status DiscussionClosed(absl::string_view state) {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "DISCUSSION_CLOSED",
                   {{"state", state}});
}

absl::Status NotInitiativeAuthor() {
  return MakeError(StatusCode::kPermissionDenied, kDomain, "NOT_INITIATIVE_AUTHOR");
}

absl::Status NotCommentAuthor() {
  return MakeError(StatusCode::kPermissionDenied, kDomain, "NOT_COMMENT_AUTHOR");
}

absl::Status InitiativeMergeCycle() {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "INITIATIVE_MERGE_CYCLE");
}

absl::Status TooManyStages() {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "TOO_MANY_STAGES");
}

absl::Status ReplyTooDeep() {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "REPLY_TOO_DEEP");
}

absl::Status CommentIsHidden() {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "COMMENT_IS_HIDDEN");
}

absl::Status TooManyEdits() {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "TOO_MANY_EDITS");
}

absl::Status TooManyStatements() {
  return MakeError(StatusCode::kFailedPrecondition, kDomain, "TOO_MANY_STATEMENTS");
}

absl::Status StatementExists(absl::string_view statement) {
  return MakeError(StatusCode::kAlreadyExists, kDomain, "STATEMENT_EXISTS",
                   {{"statement", statement}});
}

absl::Status TooManyInitiatives(absl::Duration retry_after) {
  return WithRetryAfter(MakeError(StatusCode::kResourceExhausted, kDomain, "TOO_MANY_INITIATIVES"),
                        retry_after);
}

absl::Status TooManyComments(absl::Duration retry_after) {
  return WithRetryAfter(MakeError(StatusCode::kResourceExhausted, kDomain, "TOO_MANY_COMMENTS"),
                        retry_after);
}

}  // namespace veche::polling
