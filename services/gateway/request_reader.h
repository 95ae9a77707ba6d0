#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "services/gateway/request_scope.h"

namespace veche::gateway {

// The header checks that come before a body is read: content type, Idempotency-Key, characters that
// gRPC would not carry.
absl::Status CheckHeaders(const RequestScope& scope);

// The request message as wire bytes, out of body, query, headers and path. InvalidArgument names
// every wrong field at once.
absl::StatusOr<std::string> ReadRequest(const RequestScope& scope);

}  // namespace veche::gateway
