#pragma once

#include "absl/status/statusor.h"
#include "common/auth/token.h"
#include "common/rpc/callers.h"
#include "common/rpc/incoming.h"

namespace veche::rpc {

// Identifies the caller: the principal of the token; without a token, the service that
// `x-veche-service` names; without either, a guest. The name of a service is accepted only from
// within this process or with a TLS certificate of that common name, and only if it is in
// `callers.known`. `audience` is that of the tokens that the called service accepts.
// Unauthenticated (TOKEN_INVALID, TOKEN_EXPIRED, SERVICE_NOT_PROVEN); Unavailable when the keys for
// tokens cannot be fetched. May block.
absl::StatusOr<auth::Principal> IdentifyCaller(const Incoming& incoming, const Callers& callers,
                                               auth::TokenVerifier& verifier,
                                               absl::string_view audience);

}  // namespace veche::rpc
