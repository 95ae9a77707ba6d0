#pragma once

#include <grpcpp/grpcpp.h>

#include "absl/status/status.h"

namespace veche::rpc {

// The only conversions between gRPC's and Abseil's status. Payloads become google.rpc.Status
// details (grpc-status-details-bin) and the reverse.
grpc::Status ToGrpc(const absl::Status& status);
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace veche::rpc
