#pragma once

#include <vector>

#include "common/rpc/service_builder.h"
#include "services/classification/calls/learning_calls.h"
#include "services/classification/calls/spam_calls.h"
#include "services/classification/calls/suggest_calls.h"

namespace veche::classification {

// Each RPC of the service with its handler. All must outlive what serves them.
std::vector<rpc::ServiceBuilder> Bind(SuggestCalls& calls, SpamCalls& spam,
                                      LearningCalls& learning);

}  // namespace veche::classification
