#pragma once

#include <vector>

#include "common/rpc/service_builder.h"
#include "services/issuer/calls/credential_calls.h"
#include "services/issuer/calls/poll_key_calls.h"

namespace veche::issuer {

// Each RPC of the service with its handler. All must outlive what serves them.
std::vector<rpc::ServiceBuilder> Bind(PollKeyCalls& poll_keys, CredentialCalls& credentials);

}  // namespace veche::issuer
