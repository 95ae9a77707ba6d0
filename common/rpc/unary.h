#pragma once

#include <functional>
#include <memory>

#include "common/rpc/open_call.h"

namespace veche::rpc {

// Called once at the end of a unary call; `response` is the answer if the status is OK.
using UnaryDone =
    std::function<void(absl::Status status, const google::protobuf::Message& response)>;

// Runs a unary call, from gRPC or direct, on the worker pool. `done` runs on the pool, or before
// StartUnary returns when the pool refuses the call. Private to rpc.
void StartUnary(CallShared& shared, Method& method, std::shared_ptr<const Incoming> incoming,
                std::unique_ptr<google::protobuf::Message> request, UnaryDone done);

}  // namespace veche::rpc
