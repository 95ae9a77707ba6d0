#include "common/rpc/grpc_service.h"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/impl/service_type.h>

#include "common/base/status_macros.h"
#include "common/rpc/grpc_calls.h"
#include "common/rpc/status.h"

namespace veche::rpc {
namespace {

using Context = grpc::CallbackServerContext;
using Kind = grpc::internal::RpcMethod;
using UnaryAdapter = grpc::internal::CallbackUnaryHandler<Bytes, Bytes>;
using ServerStreamAdapter = grpc::internal::CallbackServerStreamingHandler<Bytes, Bytes>;
using ClientStreamAdapter = grpc::internal::CallbackClientStreamingHandler<Bytes, Bytes>;

// Does at start what the class that protoc generates for a service does. A subclass, because
// MarkMethodRawCallback is protected.
class GrpcService final : public grpc::Service {
 public:
  GrpcService(CallShared& shared, const std::vector<Method*>& methods) {
    int index = 0;
    for (Method* method : methods) {
      AddMethod(
          new grpc::internal::RpcServiceMethod(method->path.c_str(), KindOf(*method), nullptr));
      MarkMethodRawCallback(index++, AdapterOf(shared, *method));
    }
  }

 private:
  static Kind::RpcType KindOf(const Method& method) {
    if (std::holds_alternative<UnaryHandler>(method.handler.run)) return Kind::NORMAL_RPC;
    return std::holds_alternative<ConsumeHandler>(method.handler.run) ? Kind::CLIENT_STREAMING
                                                                      : Kind::SERVER_STREAMING;
  }

  // gRPC owns the result.
  static grpc::internal::MethodHandler* AdapterOf(CallShared& shared, Method& method) {
    if (std::holds_alternative<UnaryHandler>(method.handler.run)) {
      return new UnaryAdapter([&](Context* context, const Bytes* request, Bytes* response) {
        return StartGrpcUnary(shared, method, *context, *request, *response);
      });
    }
    if (std::holds_alternative<SubscribeHandler>(method.handler.run)) {
      return new ServerStreamAdapter([&](Context* context, const Bytes* request) {
        return StartSubscription(shared, method, *context, *request);
      });
    }
    if (std::holds_alternative<ProduceHandler>(method.handler.run)) {
      return new ServerStreamAdapter([&](Context* context, const Bytes* request) {
        return StartProduction(shared, method, *context, *request);
      });
    }
    return new ClientStreamAdapter([&](Context* context, Bytes* response) {
      return StartConsumption(shared, method, *context, *response);
    });
  }
};

}  // namespace

std::unique_ptr<grpc::Service> MakeGrpcService(CallShared& shared,
                                               const std::vector<Method*>& methods) {
  return std::make_unique<GrpcService>(shared, methods);
}

absl::Status ReadMessage(Bytes bytes, google::protobuf::Message& message) {
  using Traits = grpc::SerializationTraits<google::protobuf::Message>;
  if (Traits::Deserialize(&bytes, &message).ok()) return absl::OkStatus();
  return absl::InternalError("a message on the wire cannot be read");
}

absl::Status WriteMessage(const google::protobuf::Message& message, Bytes& bytes) {
  // gRPC ends the process when the buffer still has the former message of a stream.
  bytes.Clear();
  bool owned = false;
  return FromGrpc(
      grpc::SerializationTraits<google::protobuf::Message>::Serialize(message, &bytes, &owned));
}

Bytes ToBytes(std::string wire) {
  auto* owned = new std::string(std::move(wire));
  const grpc::Slice slice(
      owned->data(), owned->size(), [](void* text) { delete static_cast<std::string*>(text); },
      owned);
  return Bytes(&slice, 1);
}

}  // namespace veche::rpc
