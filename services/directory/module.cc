#include "services/directory/module.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "common/rpc/dispatcher.h"
#include "common/rpc/idempotency.h"
#include "services/directory/calls/handlers.h"
#include "services/directory/calls/service.h"
#include "services/directory/domain/errors.h"
#include "services/directory/snapshot/snapshot.h"
#include "services/directory/storage/store.h"
#include "services/directory/texts.h"

namespace veche::directory {
namespace {

constexpr absl::Duration kRefreshPeriod = absl::Seconds(3);
constexpr absl::Duration kPrunePeriod = absl::Hours(1);

class DirectoryModule final : public rpc::Module {
 public:
  DirectoryModule(std::unique_ptr<sql::Database> database, const rpc::Environment& environment)
      : telemetry_(environment.telemetry),
        database_(std::move(database)),
        snapshots_(*database_, store_),
        handlers_(*database_, store_, snapshots_),
        idempotency_(*database_, environment.clock) {}

  absl::Status Build(const rpc::Environment& environment) {
    RETURN_IF_ERROR(snapshots_.Refresh());
    rpc::DispatcherOptions options;
    options.service = "directory";
    options.texts = TextFiles();
    options.language = environment.config.city().language();
    options.descriptors = {v1::ListDistrictsRequest::descriptor()->file()->service(0)};
    const config::v1::Pool& pool = environment.config.pool();
    if (pool.threads() > 0) options.threads = pool.threads();
    if (pool.queue() > 0) options.queue = pool.queue();
    ASSIGN_OR_RETURN(dispatcher_, rpc::Dispatcher::Create(std::move(options), environment.verifier,
                                                          &idempotency_, environment.clock,
                                                          environment.telemetry));
    service_ = std::make_unique<Service>(*dispatcher_, handlers_);
    return absl::OkStatus();
  }

  std::vector<grpc::Service*> services() override { return {service_.get()}; }

  absl::Status Start() override {
    refreshing_.Start(/*first_pause=*/kRefreshPeriod);
    pruning_.Start();
    return absl::OkStatus();
  }
  rpc::DirectService* direct() override { return dispatcher_.get(); }

  absl::Status Ready() override {
    return snapshots_.Get() == nullptr ? DirectoryNotLoaded() : absl::OkStatus();
  }

  void Stop() override {
    dispatcher_->Shutdown();
    refreshing_.Stop();
    pruning_.Stop();
  }

 private:
  // Shows the imports of other replicas.
  absl::Duration Refresh() {
    if (const absl::Status refreshed = snapshots_.Refresh(); !refreshed.ok()) {
      telemetry_.logger->Warning("directory not refreshed",
                                 {{"code", absl::StatusCodeToString(refreshed.code())}});
    }
    return kRefreshPeriod;
  }

  observe::Telemetry telemetry_;
  std::unique_ptr<sql::Database> database_;
  Store store_;
  SnapshotSource snapshots_;
  Handlers handlers_;
  rpc::Idempotency idempotency_;
  Worker refreshing_{observe::LoggedWorker("directory", telemetry_), [this] { return Refresh(); }};
  Worker pruning_{observe::LoggedWorker("directory-prune", telemetry_), [this] {
                    idempotency_.Prune().IgnoreError();
                    return kPrunePeriod;
                  }};
  std::unique_ptr<rpc::Dispatcher> dispatcher_;
  std::unique_ptr<Service> service_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<rpc::Module>> CreateDirectoryModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(auto database, environment.OpenDatabase(
                                      "directory", {rpc::IdempotencyMigrations(), Migrations()}));
  auto module = std::make_unique<DirectoryModule>(std::move(database), environment);
  RETURN_IF_ERROR(module->Build(environment));
  return module;
}

}  // namespace veche::directory
