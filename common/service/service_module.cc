#include "common/service/service_module.h"

#include <grpcpp/client_context.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/api/metadata.h"
#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "common/sql/deadline.h"

namespace veche::service {
namespace {

constexpr absl::Duration kPrunePeriod = absl::Hours(1);
constexpr absl::Duration kReadyPatience = absl::Seconds(2);  // probes do not wait for longer

rpc::DispatcherOptions DispatcherOptionsOf(const ServiceOptions& service,
                                           const rpc::Environment& environment) {
  const config::v1::Pool& pool = environment.config.pool();
  rpc::DispatcherOptions options;
  options.service = service.name;
  options.callers = environment.callers;
  options.audience = service.audience;
  options.texts = service.texts;
  options.language = environment.config.city().language();
  options.threads = pool.threads() > 0 ? pool.threads() : service.threads;
  if (pool.queue() > 0) options.queue = pool.queue();
  options.background = service.background;
  return options;
}

}  // namespace

absl::StatusOr<ServiceParts> OpenService(const rpc::Environment& environment,
                                         ServiceOptions options) {
  ASSIGN_OR_RETURN(Texts texts, Texts::Parse({CommonTexts(), options.texts}));
  ASSIGN_OR_RETURN(auto database,
                   environment.OpenDatabase(options.name, MigrationsOf(options.schema)));
  return ServiceParts{std::move(options), environment, std::move(texts), std::move(database)};
}

ServiceModule::ServiceModule(ServiceParts parts)
    : options_(std::move(parts.options)),
      environment_(std::move(parts.environment)),
      telemetry_(environment_.telemetry),
      texts_(std::move(parts.texts)),
      database_(std::move(parts.database)),
      idempotency_(*database_, environment_.clock),
      pruning_(observe::LoggedBackgroundWorker("prune", telemetry_), [this] {
        const absl::Status pruned = idempotency_.Prune().status();
        if (!pruned.ok()) {
          telemetry_.logger->Warning("answers not pruned", {{"error", pruned.ToString()}});
        }
        return kPrunePeriod;
      }) {
  if (!options_.event_log) return;
  log_.emplace(options_.name, *database_, environment_.clock, environment_.ids);
  followers_.emplace(*log_, telemetry_);
}

ServiceModule::~ServiceModule() = default;

absl::Status ServiceModule::Build() {
  if (!options_.event_log && !environment_.callers.followers.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(options_.name, " has no event log for ",
                     absl::StrJoin(environment_.callers.followers, ", "), " to follow."));
  }
  RETURN_IF_ERROR(Prepare());
  std::vector<rpc::ServiceBuilder> services = Services();
  if (followers_) services.push_back(events::BindEventLog(*followers_));
  ASSIGN_OR_RETURN(dispatcher_,
                   rpc::Dispatcher::Create(DispatcherOptionsOf(options_, environment_),
                                           std::move(services), environment_.verifier,
                                           &idempotency_, environment_.clock, telemetry_));
  return absl::OkStatus();
}

absl::Status ServiceModule::Start() {
  pruning_.Start();
  StartWorkers();
  return absl::OkStatus();
}

absl::Status ServiceModule::Ready() {
  const sql::DeadlineScope soon(absl::Now() + kReadyPatience);
  RETURN_IF_ERROR(database_->Read(
      [](sql::Transaction& transaction) { return transaction.Query("SELECT 1").status(); }));
  return Check();
}

void ServiceModule::CloseStreams() {
  if (followers_) followers_->Stop();
  EndStreams();
  dispatcher_->EndStreams();
}

void ServiceModule::Stop() {
  CloseStreams();
  dispatcher_->Shutdown();
  StopWorkers();
  pruning_.Stop();
}

std::unique_ptr<events::Source> ServiceModule::LogOf(absl::string_view service) {
  if (!environment_.channels.Knows(service)) {
    telemetry_.logger->Warning("log not followed: no address is configured",
                               {{"service", service}});
    return nullptr;
  }
  return events::RemoteSource(environment_.channels.For(service),
                              {.log = std::string(service),
                               .consumer = options_.name,
                               .prepare = [name = options_.name](grpc::ClientContext& context) {
                                 context.AddMetadata(api::kServiceMetadata, name);
                               }});
}

absl::StatusOr<std::unique_ptr<rpc::Module>> BuildService(std::unique_ptr<ServiceModule> module) {
  RETURN_IF_ERROR(module->Build());
  return std::unique_ptr<rpc::Module>(std::move(module));
}

}  // namespace veche::service
