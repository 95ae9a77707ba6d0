#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "services/gateway/calls/request_scope.h"

namespace veche::gateway {

// The header checks that come before a body is read: content type, Idempotency-Key, characters that
// gRPC would not carry.
absl::Status CheckHeaders(const RequestScope& scope);

// The request message as wire bytes, out of body, query, headers and path. Every wrong field goes
// to `violations`; what could be read is in the message all the same. InvalidArgument when the body
// is no JSON at all.
absl::StatusOr<std::string> ReadRequest(const RequestScope& scope, Violations& violations);
// The same where wrong fields are the InvalidArgument too.
absl::StatusOr<std::string> ReadRequest(const RequestScope& scope);

}  // namespace veche::gateway
