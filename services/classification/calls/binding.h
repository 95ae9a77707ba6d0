#pragma once

#include <vector>

#include "common/rpc/service_builder.h"
#include "services/classification/calls/handlers.h"
#include "services/classification/calls/learning_handlers.h"

namespace veche::classification {

// Each RPC of the service with its handler. All must outlive what serves them.
std::vector<rpc::ServiceBuilder> Bind(Handlers& handlers, LearningHandlers& learning);

}  // namespace veche::classification
