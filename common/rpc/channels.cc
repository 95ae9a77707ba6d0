#include "common/rpc/channels.h"

#include <grpcpp/grpcpp.h>

#include "common/rpc/credentials.h"

namespace veche::rpc {
namespace {

// Calls are spread over all addresses of a name; a call to an unreachable service fails at once.
constexpr char kServiceConfig[] =
    R"({"loadBalancingConfig": [{"round_robin": {}}],
        "methodConfig": [{"name": [{}], "waitForReady": false}]})";

// Pages of lists are far smaller; but with gRPC's default of 4 MiB a page of long texts would be an
// error.
constexpr int kMaxAnswerBytes = 16 * 1024 * 1024;

grpc::ChannelArguments LocalArguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxAnswerBytes);
  return arguments;
}

grpc::ChannelArguments RemoteArguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxAnswerBytes);
  arguments.SetServiceConfigJSON(kServiceConfig);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5'000);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  return arguments;
}

// A channel that cannot connect: the path is no socket, so calls fail without the network.
std::shared_ptr<grpc::Channel> LameChannel() {
  return grpc::CreateChannel("unix:/dev/null/not-configured", grpc::InsecureChannelCredentials());
}

}  // namespace

void Channels::AddLocal(absl::string_view service, grpc::Server& server, DirectService* direct) {
  std::shared_ptr<grpc::Channel> channel = server.InProcessChannel(LocalArguments());
  absl::MutexLock lock(&mutex_);
  channels_.insert_or_assign(std::string(service), std::move(channel));
  direct_.insert_or_assign(std::string(service), direct);
}

DirectService* Channels::DirectTo(absl::string_view service) {
  absl::MutexLock lock(&mutex_);
  auto it = direct_.find(service);
  return it == direct_.end() ? nullptr : it->second;
}

bool Channels::Knows(absl::string_view service) {
  absl::MutexLock lock(&mutex_);
  return channels_.contains(service) || config_.addresses().contains(std::string(service));
}

std::shared_ptr<grpc::Channel> Channels::For(absl::string_view service) {
  const std::string name(service);
  absl::MutexLock lock(&mutex_);
  if (auto it = channels_.find(name); it != channels_.end()) return it->second;
  auto address = config_.addresses().find(name);
  if (address == config_.addresses().end()) return LameChannel();
  auto credentials = ClientCredentials(config_.grpc());
  // With wrong TLS files this process's own server has refused to start already.
  if (!credentials.ok()) return LameChannel();
  auto channel = grpc::CreateCustomChannel(address->second, *credentials, RemoteArguments());
  channels_.emplace(name, channel);
  return channel;
}

}  // namespace veche::rpc
