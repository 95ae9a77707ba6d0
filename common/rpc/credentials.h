#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/status/statusor.h"
#include "veche/config/v1/config.pb.h"

// What clients and servers between processes agree on. Private to rpc.

namespace veche::rpc {

// Error details (every bad field at once) do not fit into gRPC's 8 KiB.
constexpr int kMaxMetadataBytes = 64 * 1024;

// Mutual TLS with the config's files; plain TCP without them. FailedPrecondition when only some are
// given or one cannot be read.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentials(
    const config::v1::Grpc& config);
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ClientCredentials(
    const config::v1::Grpc& config);

}  // namespace veche::rpc
