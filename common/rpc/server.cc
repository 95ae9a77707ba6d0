#include "common/rpc/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/callback_queue.h"
#include "common/rpc/credentials.h"

namespace veche::rpc {
namespace {

constexpr int kMaxMessageBytes = 4 * 1024 * 1024;

// gRPC adds reflection as a plugin to every server of the process, with a thread for each server. A
// server without a port needs neither.
class WithoutPlugins final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    plugins->clear();
  }
};

void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS,
                              1);  // only reflection is synchronous
  // A second process on this port fails to start, instead of receiving half of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  // Callers ping several times a second (channels.cc).
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 100);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // Callers reconnect and so look the addresses up again: a new replica gets its share within ten
  // seconds. Open streams stay on their connection.
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, 8'000);
}

}  // namespace

struct Server::State {
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

absl::StatusOr<std::unique_ptr<Server>> Server::Start(Module& module,
                                                      const config::v1::Grpc& config,
                                                      absl::string_view address) {
  KeepCallbackQueue();
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetLimits(builder);
  for (grpc::Service* service : module.services()) builder.RegisterService(service);
  auto state = std::make_unique<State>();
  if (address.empty()) {
    builder.SetOption(std::make_unique<WithoutPlugins>());
  } else {
    ASSIGN_OR_RETURN(std::shared_ptr<grpc::ServerCredentials> credentials,
                     ServerCredentials(config));
    builder.AddListeningPort(std::string(address), credentials, &state->port);
  }
  state->server = builder.BuildAndStart();
  if (state->server == nullptr || (!address.empty() && state->port == 0)) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot serve gRPC on ", address.empty() ? "this process" : address,
                     ": is the port taken, and are the TLS files right?"));
  }
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() { Shutdown(absl::Now()); }

grpc::Server& Server::grpc() { return *state_->server; }

int Server::port() const { return state_->port; }

void Server::Shutdown(absl::Time deadline) {
  if (auto* health = state_->server->GetHealthCheckService()) health->Shutdown();
  state_->server->Shutdown(absl::ToChronoTime(deadline));
}

}  // namespace veche::rpc
