#pragma once

#include <grpcpp/grpcpp.h>

#include "absl/status/status.h"

namespace veche::rpc {

// The one conversion each way; payloads travel as google.rpc.Status details
// (grpc-status-details-bin).
grpc::Status ToGrpc(const absl::Status& status);
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace veche::rpc
