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

// A module's gRPC server: health, reflection, message limits; on a port only when one is given.
class Server {
 public:
  // `address` "" serves this process alone (in-process channels). With TLS files in the config the
  // port speaks mutual TLS and the client certificate's common name is the caller's service.
  static absl::StatusOr<std::unique_ptr<Server>> Start(Module& module,
                                                       const config::v1::Grpc& config,
                                                       absl::string_view address);
  ~Server();

  grpc::Server& grpc();
  int port() const;  // 0 when in process only
  // Health says NOT_SERVING, new calls are refused, those that run may take until `deadline`. Over
  // the in-process transport gRPC breaks off what runs at once: stop the module (its dispatcher)
  // before, which lets its calls finish and ends its streams.
  void Shutdown(absl::Time deadline);

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace veche::rpc
