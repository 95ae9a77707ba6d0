#pragma once

#include <memory>
#include <string>

#include "common/rpc/direct.h"
#include "common/rpc/open_call.h"

namespace veche::rpc {

// DirectService::Subscribe. Private to rpc.
std::shared_ptr<RunningStream> StartDirectSubscription(CallShared& shared, Method& method,
                                                       DirectService::Options options,
                                                       std::string request,
                                                       std::shared_ptr<StreamReceiver> receiver);

}  // namespace veche::rpc
