#include "services/gateway/module.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/gateway/openapi/pages.h"

namespace veche::gateway {
namespace {

template <typename Limit, typename Value>
void Set(Value configured, Limit& limit) {
  if (configured != 0) limit = static_cast<Limit>(configured);
}

redis::Options RedisOptionsOf(const config::v1::Redis& config) {
  redis::Options options{.address = config.address(),
                         .user = config.user(),
                         .password_file = config.password_file(),
                         .tls_ca_file = config.tls_ca_file()};
  Set(config.connections(), options.connections);
  if (config.timeout_ms() > 0) options.timeout = absl::Milliseconds(config.timeout_ms());
  return options;
}

class GatewayModule final : public rpc::Module {
 public:
  // `patience`: how long requests may take to finish when the process is told to stop.
  GatewayModule(http::ServerOptions options, absl::Duration patience)
      : options_(std::move(options)), patience_(patience) {}
  ~GatewayModule() override {
    Stop();
    gateway_->WaitIdle();
  }

  absl::Status Build(const rpc::Environment& environment) {
    std::vector<GatewayService> services;
    std::vector<const google::protobuf::ServiceDescriptor*> descriptors;
    for (const auto& [module, full_name] : environment.public_services) {
      const auto* service =
          google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(full_name);
      if (service == nullptr) {
        return absl::FailedPreconditionError(
            absl::StrCat("The program has no gRPC service ", full_name, "."));
      }
      descriptors.push_back(service);
      services.push_back(
          {service, environment.channels.For(module), environment.channels.DirectTo(module)});
    }
    std::unique_ptr<redis::Client> redis;
    if (environment.config.has_redis()) {
      ASSIGN_OR_RETURN(redis, redis::Client::Start(RedisOptionsOf(environment.config.redis()),
                                                   environment.telemetry));
    }
    ASSIGN_OR_RETURN(gateway_,
                     Gateway::Create(GatewayOptionsOf(environment.config), std::move(services),
                                     MakePages(descriptors, environment.config.city().title()),
                                     environment.clock, environment.telemetry, std::move(redis)));
    return absl::OkStatus();
  }

  absl::Status Start() override {
    ASSIGN_OR_RETURN(server_, http::Server::Start(options_, *gateway_));
    return absl::OkStatus();
  }
  absl::Status Ready() override {
    return server_ ? absl::OkStatus() : absl::UnavailableError("does not listen yet");
  }
  std::string address() const override {
    if (!server_) return "";
    return absl::StrCat(options_.address.substr(0, options_.address.rfind(':')), ":",
                        server_->port());
  }
  void Leave() override {
    if (server_) server_->Leave();
  }
  void Stop() override {
    if (server_) server_->Stop(patience_);
  }

 private:
  const http::ServerOptions options_;
  const absl::Duration patience_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<http::Server> server_;  // destroyed before the gateway it calls
};

}  // namespace

GatewayOptions GatewayOptionsOf(const config::v1::Config& config) {
  GatewayOptions options;
  if (!config.city().language().empty()) options.language = config.city().language();
  const config::v1::Limits& limits = config.limits();
  Set(limits.body_bytes(), options.body_bytes);
  Set(limits.file_bytes(), options.file_bytes);
  Set(limits.in_flight(), options.in_flight);
  Set(limits.caller_rate(), options.caller_rate);
  Set(limits.caller_burst(), options.caller_burst);
  Set(limits.address_rate(), options.address_rate);
  Set(limits.address_burst(), options.address_burst);
  Set(limits.streams_per_caller(), options.streams_per_caller);
  options.hedge_after = absl::Milliseconds(config.grpc().hedge_ms());
  const int local_ms = config.redis().local_ms();
  if (local_ms != 0) options.local_life = absl::Milliseconds(std::max(0, local_ms));
  return options;
}

absl::StatusOr<http::ServerOptions> HttpServerOptionsOf(const config::v1::Config& config) {
  http::ServerOptions options;
  const auto& networks = config.http().trusted_proxies();
  ASSIGN_OR_RETURN(options.trusted_proxies,
                   http::TrustedProxies::Parse({networks.begin(), networks.end()}));
  const config::v1::Limits& limits = config.limits();
  if (!config.http().address().empty()) options.address = config.http().address();
  options.tls_certificate_file = config.http().tls_certificate_file();
  options.tls_key_file = config.http().tls_key_file();
  Set(config.http().threads(), options.threads);
  Set(limits.header_bytes(), options.header_bytes);
  Set(limits.connections(), options.connections);
  if (limits.request_seconds() != 0) {
    options.request_timeout = absl::Seconds(limits.request_seconds());
  }
  return options;
}

absl::StatusOr<std::unique_ptr<rpc::Module>> CreateGatewayModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(http::ServerOptions options, HttpServerOptionsOf(environment.config));
  auto module =
      std::make_unique<GatewayModule>(std::move(options), rpc::PatienceOf(environment.config));
  RETURN_IF_ERROR(module->Build(environment));
  return module;
}

}  // namespace veche::gateway
