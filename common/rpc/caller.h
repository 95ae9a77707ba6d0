#pragma once

#include <grpcpp/grpcpp.h>

#include <optional>

#include "absl/status/statusor.h"
#include "common/auth/token.h"

namespace veche::rpc {

// The first value that the client sent under `name` (lower case); it points into `context`.
std::optional<absl::string_view> Metadata(const grpc::ServerContextBase& context,
                                          absl::string_view name);

// Who calls: the bearer of the token; else the service that `x-veche-service` names, believed only
// from within this process or with a TLS certificate of that common name; else nobody.
// Unauthenticated (TOKEN_INVALID, TOKEN_EXPIRED, SERVICE_NOT_PROVEN); Unavailable.
absl::StatusOr<auth::Principal> IdentifyCaller(const grpc::ServerContextBase& context,
                                               auth::TokenVerifier& verifier);

}  // namespace veche::rpc
