#pragma once

#include <functional>
#include <memory>

#include "common/rpc/open_call.h"

namespace veche::rpc {

// Hears once how a unary call ended; `response` holds the answer when the status is OK.
using UnaryDone =
    std::function<void(absl::Status status, const google::protobuf::Message& response)>;

// Runs a unary call on the worker pool, whichever way it came. `done` runs there, or before this
// returns when the pool refuses. Private to rpc.
void StartUnary(CallShared& shared, Method& method, std::shared_ptr<const Incoming> incoming,
                std::unique_ptr<google::protobuf::Message> request, UnaryDone done);

}  // namespace veche::rpc
