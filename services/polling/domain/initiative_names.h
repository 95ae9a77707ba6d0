#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Names of initiatives, comments and statements. Pure.

namespace veche::polling {

// "initiatives/{id}", "comments/{id}", "statements/{id}".
std::string InitiativeName(absl::string_view id);
std::string CommentName(absl::string_view id);
std::string StatementName(absl::string_view id);
// The id in a name of that form; the NOT_FOUND error of the kind for any other text.
absl::StatusOr<std::string> ParseInitiativeName(absl::string_view name);
absl::StatusOr<std::string> ParseCommentName(absl::string_view name);
absl::StatusOr<std::string> ParseStatementName(absl::string_view name);

// Whether `name` is "{collection}/{id}" with an id of letters, digits, '-', '_' and '.'.
bool IsReference(absl::string_view collection, absl::string_view name);

}  // namespace veche::polling
