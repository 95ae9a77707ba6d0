#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/status/statusor.h"
#include "veche/config/v1/config.pb.h"

// Settings that clients and servers of different processes share. Private to rpc.

namespace veche::rpc {

// Error details name every invalid field, which does not fit into gRPC's default of 8 KiB.
constexpr int kMaxMetadataBytes = 64 * 1024;

// Mutual TLS with the config's files, which are read again when they change; plain TCP without
// them. FailedPrecondition names what is wrong with the files (tls_files.h).
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentials(
    const config::v1::Grpc& config);
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ClientCredentials(
    const config::v1::Grpc& config);

}  // namespace veche::rpc
