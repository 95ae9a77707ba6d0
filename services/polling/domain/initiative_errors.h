#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// The errors of initiatives and discussions that a client may branch on, by their reasons.

namespace veche::polling {

// NOT_FOUND: there is no such thing, or the caller may not see it.
absl::Status InitiativeNotFound(absl::string_view name);
absl::Status CommentNotFound(absl::string_view name);
absl::Status StatementNotFound(absl::string_view name);
// FAILED_PRECONDITION, with metadata state and action.
absl::Status InitiativeStepNotAllowed(absl::string_view state, absl::string_view action);
// FAILED_PRECONDITION, with metadata state.
absl::Status InitiativeNotOpen(absl::string_view state);
absl::Status DiscussionClosed(absl::string_view state);
// PERMISSION_DENIED.
absl::Status NotInitiativeAuthor();
absl::Status NotCommentAuthor();
// FAILED_PRECONDITION.
absl::Status InitiativeMergeCycle();
absl::Status TooManyStages();
absl::Status ReplyTooDeep();
absl::Status CommentIsHidden();
absl::Status TooManyEdits();
absl::Status TooManyStatements();
// ALREADY_EXISTS, with metadata statement: the name of the one that says the same.
absl::Status StatementExists(absl::string_view statement);
// RESOURCE_EXHAUSTED with RetryInfo.
absl::Status TooManyInitiatives(absl::Duration retry_after);
absl::Status TooManyComments(absl::Duration retry_after);

}  // namespace veche::polling
