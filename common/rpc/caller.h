#pragma once

#include "absl/status/statusor.h"
#include "common/auth/token.h"
#include "common/rpc/callers.h"
#include "common/rpc/incoming.h"

namespace veche::rpc {

// Who calls: the bearer of the token; else the service that `x-veche-service` names, believed only
// from within this process or with a TLS certificate of that common name, and only when the callers
// know the name; else nobody.
// Unauthenticated (TOKEN_INVALID, TOKEN_EXPIRED, SERVICE_NOT_PROVEN); Unavailable.
absl::StatusOr<auth::Principal> IdentifyCaller(const Incoming& incoming, const Callers& callers,
                                               auth::TokenVerifier& verifier);

}  // namespace veche::rpc
