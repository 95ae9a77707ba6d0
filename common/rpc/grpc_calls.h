#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/byte_buffer.h>

#include "common/rpc/open_call.h"

// Calls that arrive through gRPC. rpc parses and serialises their messages itself, so that gRPC's
// templates are instantiated once, for bytes, and not for every method. Private to rpc.

namespace veche::rpc {

using Bytes = grpc::ByteBuffer;

// The reactors of the four kinds of calls; each deletes itself. `context`, `request` and `response`
// belong to gRPC and live as long as the call.
grpc::ServerUnaryReactor* StartGrpcUnary(CallShared& shared, Method& method,
                                         grpc::CallbackServerContext& context, const Bytes& request,
                                         Bytes& response);
grpc::ServerWriteReactor<Bytes>* StartSubscription(CallShared& shared, Method& method,
                                                   grpc::CallbackServerContext& context,
                                                   const Bytes& request);
grpc::ServerWriteReactor<Bytes>* StartProduction(CallShared& shared, Method& method,
                                                 grpc::CallbackServerContext& context,
                                                 const Bytes& request);
grpc::ServerReadReactor<Bytes>* StartConsumption(CallShared& shared, Method& method,
                                                 grpc::CallbackServerContext& context,
                                                 Bytes& response);

// Internal when the bytes are not a message of the type of `message`.
absl::Status ReadMessage(Bytes bytes, google::protobuf::Message& message);
absl::Status WriteMessage(const google::protobuf::Message& message, Bytes& bytes);
// Takes the memory of `wire`, a serialised message.
Bytes ToBytes(std::string wire);

}  // namespace veche::rpc
