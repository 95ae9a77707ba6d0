#pragma once

#include <memory>
#include <vector>

#include "common/rpc/open_call.h"

namespace grpc {
class Service;
}  // namespace grpc

namespace veche::rpc {

// A gRPC service made of methods, all of one service; both must outlive it. Private to rpc.
std::unique_ptr<grpc::Service> MakeGrpcService(CallShared& shared,
                                               const std::vector<Method*>& methods);

}  // namespace veche::rpc
