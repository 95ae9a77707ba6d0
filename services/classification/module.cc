#include "services/classification/module.h"

#include <utility>
#include <vector>

#include "common/base/periodic.h"
#include "common/base/status_macros.h"
#include "common/rpc/dispatcher.h"
#include "common/rpc/idempotency.h"
#include "services/classification/handlers.h"
#include "services/classification/migrations.h"
#include "services/classification/models.h"
#include "services/classification/service.h"
#include "services/classification/sql_store.h"

namespace veche::classification {
namespace {

constexpr absl::Duration kPrunePeriod = absl::Hours(1);

rpc::DispatcherOptions Options(const config::v1::Config& config) {
  rpc::DispatcherOptions options;
  options.service = "classification";
  options.background = true;  // a backlog of appeals to route must not slow submissions
  options.descriptors = {
      v1::SuggestRequest::descriptor()->file()->FindServiceByName("Classification")};
  if (config.pool().threads() > 0) options.threads = config.pool().threads();
  if (config.pool().queue() > 0) options.queue = config.pool().queue();
  return options;
}

// The parts in the order in which they need each other.
class ClassificationModule final : public rpc::Module {
 public:
  ClassificationModule(const rpc::Environment& environment, std::unique_ptr<sql::Database> database,
                       std::shared_ptr<const Classifier> active,
                       std::shared_ptr<const Classifier> built_in)
      : database_(std::move(database)),
        active_(std::move(active)),
        built_in_(std::move(built_in)),
        idempotency_(*database_, environment.clock),
        handlers_({*database_, store_, *active_, *built_in_, environment.clock}) {}

  absl::Status Build(const rpc::Environment& environment) {
    ASSIGN_OR_RETURN(
        rpc_, rpc::Dispatcher::Create(Options(environment.config), environment.verifier,
                                      &idempotency_, environment.clock, environment.telemetry));
    service_ = std::make_unique<Service>(*rpc_, handlers_);
    return absl::OkStatus();
  }

  std::vector<grpc::Service*> services() override { return {service_.get()}; }

  absl::Status Ready() override {
    return database_->Read([this](sql::Transaction& transaction) {
      return store_.FindCorrection(transaction, "").status();
    });
  }
  rpc::DirectService* direct() override { return rpc_.get(); }

  absl::Status Start() override {
    pruning_.Start();
    return absl::OkStatus();
  }

  void Stop() override {
    rpc_->Shutdown();
    pruning_.Stop();
  }

 private:
  std::unique_ptr<sql::Database> database_;
  std::shared_ptr<const Classifier> active_;
  std::shared_ptr<const Classifier> built_in_;
  SqlStore store_;
  rpc::Idempotency idempotency_;
  Periodic pruning_{kPrunePeriod, [this] { idempotency_.Prune().IgnoreError(); }};
  Handlers handlers_;
  std::unique_ptr<rpc::Dispatcher> rpc_;
  std::unique_ptr<Service> service_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<rpc::Module>> CreateClassificationModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(
      std::unique_ptr<sql::Database> database,
      environment.OpenDatabase("classification", {rpc::IdempotencyMigrations(), Migrations()}));
  ASSIGN_OR_RETURN(std::shared_ptr<const Classifier> built_in, LoadBuiltIn());
  std::shared_ptr<const Classifier> active =
      LoadOwn(environment.data_dir, *environment.telemetry.logger);
  if (active == nullptr) active = built_in;
  auto module = std::make_unique<ClassificationModule>(environment, std::move(database),
                                                       std::move(active), std::move(built_in));
  RETURN_IF_ERROR(module->Build(environment));
  return module;
}

}  // namespace veche::classification
