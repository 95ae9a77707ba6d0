#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "services/gateway/calls/request_scope.h"

namespace veche::gateway {

// Checks the headers before the body is read: content type, Idempotency-Key, characters that gRPC
// metadata cannot carry.
absl::Status CheckHeaders(const RequestScope& scope);

// The serialised request message, from body, query, headers and path. Adds a violation for every
// invalid field; the message still has all valid fields. InvalidArgument when the body is not JSON.
absl::StatusOr<std::string> ReadRequest(const RequestScope& scope, Violations& violations);
// The same, but InvalidArgument also for invalid fields.
absl::StatusOr<std::string> ReadRequest(const RequestScope& scope);

}  // namespace veche::gateway
