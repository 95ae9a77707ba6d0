#include "common/rpc/channels.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>

#include "absl/strings/match.h"
#include "common/rpc/credentials.h"
#include "common/rpc/service_config.h"
#include "common/rpc/target.h"

namespace veche::rpc {
namespace {

// Pages of lists are far smaller; but with gRPC's default of 4 MiB a page of long texts would be an
// error.
constexpr int kMaxAnswerBytes = 16 * 1024 * 1024;

grpc::ChannelArguments LocalArguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxAnswerBytes);
  return arguments;
}

std::string ServiceConfigOf(const std::vector<std::string>& names) {
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (const std::string& name : names) {
    const auto* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    if (service != nullptr) services.push_back(service);
  }
  return ServiceConfig(services);
}

grpc::ChannelArguments RemoteArguments(const std::string& service_config) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxAnswerBytes);
  arguments.SetServiceConfigJSON(service_config);
  // A frozen process keeps its connections open: only pings tell that it is gone. Servers allow as
  // many (server.cc).
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 300);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 700);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // no limit
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 2'000);
  // A replica that has started gets calls soon, so that the next one may be restarted.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  return arguments;
}

// A channel that cannot connect: the path is no socket, so calls fail without the network.
std::shared_ptr<grpc::Channel> LameChannel() {
  return grpc::CreateChannel("unix:/dev/null/not-configured", grpc::InsecureChannelCredentials());
}

}  // namespace

Channels::Channels(const config::v1::Config& config, const std::vector<std::string>& services)
    : config_(config), service_config_(ServiceConfigOf(services)) {}

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
  const absl::StatusOr<std::string> target = TargetOf(address->second);
  if (!target.ok()) return LameChannel();  // the check of the configuration has refused it
  grpc::ChannelArguments arguments = RemoteArguments(service_config_);
  // The certificates of a list of replicas have one name.
  if (absl::StrContains(*target, ',')) arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, name);
  auto channel = grpc::CreateCustomChannel(*target, *credentials, arguments);
  channels_.emplace(name, channel);
  return channel;
}

}  // namespace veche::rpc
