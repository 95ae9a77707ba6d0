#include "common/rpc/callback_queue.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

namespace veche::rpc {

void KeepCallbackQueue() {
  // An idle server without a port, never destroyed. `used` keeps the pointer in the program, so
  // that leak checkers find the server reachable.
  [[gnu::used]] static grpc::Server* const keeper = [] {
    grpc::ServerBuilder builder;
    builder.RegisterCallbackGenericService(new grpc::CallbackGenericService);
    return builder.BuildAndStart().release();
  }();
}

}  // namespace veche::rpc
