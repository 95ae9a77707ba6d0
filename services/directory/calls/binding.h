#pragma once

#include <vector>

#include "common/rpc/service_builder.h"
#include "services/directory/calls/directory_calls.h"

namespace veche::directory {

// Each RPC of the service with its handler. All must outlive what serves them.
std::vector<rpc::ServiceBuilder> Bind(DirectoryCalls& calls);

}  // namespace veche::directory
