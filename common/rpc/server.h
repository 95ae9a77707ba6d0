#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/module.h"

namespace grpc {
class Server;
}  // namespace grpc

namespace veche::rpc {

// A module's gRPC server with health checks and message limits; with reflection if it has a port.
class Server {
 public:
  // With an empty `address` only in-process channels reach the server. With TLS files in the config
  // the port uses mutual TLS, and the common name of the client's certificate is the calling
  // service. `module` must outlive the server. FailedPrecondition, naming the file or the address.
  static absl::StatusOr<std::unique_ptr<Server>> Start(Module& module,
                                                       const config::v1::Grpc& config,
                                                       absl::string_view address);
  ~Server();

  grpc::Server& grpc();
  int port() const;  // 0 without a port
  // Reports NOT_SERVING, refuses new calls, and lets running calls finish until `deadline`. On the
  // in-process transport gRPC cancels running calls at once: stop the module (its dispatcher)
  // first, which waits for its calls and ends its streams. Blocks.
  void Shutdown(absl::Time deadline);

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace veche::rpc
