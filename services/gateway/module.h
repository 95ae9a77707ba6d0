#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/http/server.h"
#include "common/rpc/module.h"
#include "services/gateway/calls/gateway.h"

namespace veche::gateway {

// The HTTP gateway to the public services of the environment. Serves from Start to Stop. Stop lets
// requests finish and closes streams.
absl::StatusOr<std::unique_ptr<rpc::Module>> CreateGatewayModule(
    const rpc::Environment& environment);

// The limits of the configuration: zero is the default, -1 is none.
GatewayOptions GatewayOptionsOf(const config::v1::Config& config);
absl::StatusOr<http::ServerOptions> HttpServerOptionsOf(const config::v1::Config& config);

}  // namespace veche::gateway
