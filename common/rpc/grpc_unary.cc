#include "common/base/status_macros.h"
#include "common/rpc/grpc_calls.h"
#include "common/rpc/grpc_incoming.h"
#include "common/rpc/status.h"
#include "common/rpc/unary.h"

namespace veche::rpc {

grpc::ServerUnaryReactor* StartGrpcUnary(CallShared& shared, Method& method,
                                         grpc::CallbackServerContext& context, const Bytes& request,
                                         Bytes& response) {
  grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
  std::unique_ptr<google::protobuf::Message> message(method.handler.request->New());
  if (absl::Status read = ReadMessage(request, *message); !read.ok()) {
    reactor->Finish(ToGrpc(read));
    return reactor;
  }
  StartUnary(shared, method, std::make_shared<GrpcIncoming>(context), std::move(message),
             [reactor, &response](absl::Status status, const google::protobuf::Message& answer) {
               if (status.ok()) status = WriteMessage(answer, response);
               reactor->Finish(ToGrpc(status));
             });
  return reactor;
}

}  // namespace veche::rpc
