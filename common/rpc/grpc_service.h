#pragma once

#include <memory>
#include <vector>

#include "common/rpc/open_call.h"

namespace grpc {
class Service;
}  // namespace grpc

namespace veche::rpc {

// Makes the gRPC service of `methods`, which all belong to one service. `shared` and the methods
// must outlive the result. Private to rpc.
std::unique_ptr<grpc::Service> MakeGrpcService(CallShared& shared,
                                               const std::vector<Method*>& methods);

}  // namespace veche::rpc
