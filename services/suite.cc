#include "services/suite.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/auth/access.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"
#include "prometheus/registry.h"
#include "veche/identity/v1/identity.grpc.pb.h"

namespace veche {
namespace {

observe::Level LevelOf(const config::v1::Log& log) {
  if (log.level() == "debug") return observe::Level::kDebug;
  if (log.level() == "warning") return observe::Level::kWarning;
  if (log.level() == "error") return observe::Level::kError;
  return observe::Level::kInfo;
}

absl::StatusOr<std::vector<auth::PublicKey>> KeysOf(rpc::Channels& channels) {
  auto identity = identity::v1::Identity::NewStub(channels.For("identity"));
  // The call claims no service's name: the keys are public, and this process may be any service.
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(5)));
  identity::v1::KeySet keys;
  RETURN_IF_ERROR(rpc::FromGrpc(identity->GetKeys(&context, {}, &keys)));
  std::vector<auth::PublicKey> result;
  for (const auto& key : keys.keys()) {
    std::string bytes;
    if (absl::WebSafeBase64Unescape(key.x(), &bytes)) result.push_back({key.kid(), bytes});
  }
  return result;
}

// What the module table tells a module.
std::vector<rpc::Environment::PublicService> PublicServices() {
  std::vector<rpc::Environment::PublicService> services;
  for (const ModuleEntry& entry : Modules()) {
    for (absl::string_view service : entry.serves) {
      services.push_back({std::string(entry.name), std::string(service)});
    }
  }
  return services;
}

// The services that processes call at each other.
std::vector<std::string> NetworkServices() {
  std::vector<std::string> names = {"veche.events.v1.EventLog"};
  for (const ModuleEntry& entry : Modules()) {
    for (absl::string_view service : entry.serves) names.emplace_back(service);
  }
  return names;
}

rpc::Callers CallersOf(absl::string_view module) {
  rpc::Callers callers;
  callers.known.emplace(auth::kCommands);
  for (const ModuleEntry& entry : Modules()) {
    callers.known.emplace(entry.name);
    if (absl::c_linear_search(entry.follows, module)) callers.followers.emplace(entry.name);
  }
  return callers;
}

}  // namespace

// The module of the gRPC port: offers the services of all modules.
class Suite::Exposed final : public rpc::Module {
 public:
  explicit Exposed(std::vector<grpc::Service*> services) : services_(std::move(services)) {}
  std::vector<grpc::Service*> services() override { return services_; }

 private:
  const std::vector<grpc::Service*> services_;
};

Suite::Suite(const config::v1::Config& config, std::unique_ptr<DataFolder> folder)
    : config_(config),
      folder_(std::move(folder)),
      telemetry_{observe::MakeJsonLogger("veche", LevelOf(config.log())),
                 std::make_shared<prometheus::Registry>()},
      channels_(config_, NetworkServices()),
      verifier_([this] { return FetchKeys(); }, clock_),
      sessions_(channels_, config_.services().empty() ? "" : config_.services(0),
                verifier_.ended_sessions(), telemetry_) {}

Suite::~Suite() { Stop(); }

absl::StatusOr<std::unique_ptr<Suite>> Suite::Start(const config::v1::Config& config) {
  RETURN_IF_ERROR(CheckModules(Modules()));
  ASSIGN_OR_RETURN(auto folder, DataFolder::Open(config.data_dir()));
  std::unique_ptr<Suite> suite(new Suite(config, std::move(folder)));
  if (config.grpc().insecure()) {
    suite->telemetry_.logger->Warning("calls between processes may be without TLS",
                                      {{"setting", "grpc.insecure"}});
  }
  for (const ModuleEntry& entry : Modules()) {
    if (std::find(config.services().begin(), config.services().end(), entry.name) ==
        config.services().end())
      continue;
    absl::Status started = suite->StartModule(entry);
    if (!started.ok()) {
      return absl::Status(started.code(), absl::StrCat("The service ", entry.name,
                                                       " does not start: ", started.message()));
    }
  }
  for (const Running& running : suite->running_) running.module->StartFollowing();
  RETURN_IF_ERROR(suite->Expose());
  return suite;
}

absl::StatusOr<std::vector<auth::PublicKey>> Suite::FetchKeys() {
  ASSIGN_OR_RETURN(std::vector<auth::PublicKey> keys, KeysOf(channels_));
  sessions_.Start();
  return keys;
}

absl::Status Suite::StartModule(const ModuleEntry& entry) {
  const rpc::Environment environment{
      .config = config_,
      .data_dir = folder_->path(),
      .channels = channels_,
      .verifier = verifier_,
      .clock = clock_,
      .ids = ids_,
      .telemetry = {observe::MakeJsonLogger(entry.name, LevelOf(config_.log())),
                    telemetry_.metrics},
      .public_services = PublicServices(),
      .callers = CallersOf(entry.name)};
  ASSIGN_OR_RETURN(std::unique_ptr<rpc::Module> module, entry.create(environment));
  std::unique_ptr<rpc::Server> server;
  if (!module->services().empty()) {
    ASSIGN_OR_RETURN(server, rpc::Server::Start(*module, config_.grpc(), ""));
    channels_.AddLocal(entry.name, server->grpc(), module->direct());
  }
  running_.push_back({std::string(entry.name), std::move(module), std::move(server)});
  return running_.back().module->Start();
}

absl::Status Suite::Expose() {
  if (config_.grpc().address().empty()) return absl::OkStatus();
  std::vector<grpc::Service*> services;
  for (const Running& running : running_) {
    for (grpc::Service* service : running.module->services()) services.push_back(service);
  }
  if (services.empty()) return absl::OkStatus();
  exposed_ = std::make_unique<Exposed>(std::move(services));
  ASSIGN_OR_RETURN(exposed_server_,
                   rpc::Server::Start(*exposed_, config_.grpc(), config_.grpc().address()));
  return absl::OkStatus();
}

std::map<std::string, absl::Status> Suite::Readiness() {
  std::map<std::string, absl::Status> result;
  for (const Running& running : running_) {
    result.emplace(running.name,
                   leaving_ ? absl::UnavailableError("stopping") : running.module->Ready());
  }
  return result;
}

std::string Suite::address() const {
  for (const Running& running : running_) {
    if (std::string address = running.module->address(); !address.empty()) return address;
  }
  return "";
}

int Suite::grpc_port() const { return exposed_server_ == nullptr ? 0 : exposed_server_->port(); }

void Suite::Leave() {
  leaving_ = true;
  for (const Running& running : running_) running.module->Leave();
  // Callers over gRPC learn it by GOAWAY in Stop. Until then they find replicas that have started
  // since, which takes up to a second (channels.cc).
}

void Suite::Stop() {
  const absl::Time deadline = clock_.Now() + rpc::PatienceOf(config_);
  // First the gateway, which calls the others. Callers of other processes are told to go, and their
  // running calls finish, while the modules still work; open streams would delay that.
  for (auto it = running_.rbegin(); it != running_.rend(); ++it) {
    if (it->server == nullptr) it->module->Stop();
  }
  if (exposed_server_ != nullptr) {
    for (auto it = running_.rbegin(); it != running_.rend(); ++it) it->module->CloseStreams();
    exposed_server_->Shutdown(deadline);
  }
  exposed_server_.reset();
  sessions_.Stop();
  // Modules stop before their servers, because a module ends its own streams and the server's
  // shutdown waits for streams.
  for (auto it = running_.rbegin(); it != running_.rend(); ++it) {
    if (it->server != nullptr) it->module->Stop();
  }
  while (!running_.empty()) {
    if (running_.back().server != nullptr) running_.back().server->Shutdown(deadline);
    running_.back().server.reset();
    running_.pop_back();
  }
}

}  // namespace veche
