#include "services/classification/module.h"

#include <utility>
#include <vector>

#include "common/api/metadata.h"
#include "common/base/status_macros.h"
#include "common/events/consumer.h"
#include "common/events/event_log.h"
#include "common/events/remote_source.h"
#include "common/observe/worker.h"
#include "common/rpc/dispatcher.h"
#include "common/rpc/idempotency.h"
#include "services/classification/calls/handlers.h"
#include "services/classification/calls/learning_handlers.h"
#include "services/classification/calls/service.h"
#include "services/classification/classifier/built_in_model.h"
#include "services/classification/learning/departments.h"
#include "services/classification/learning/drift.h"
#include "services/classification/learning/model_registry.h"
#include "services/classification/learning/options.h"
#include "services/classification/learning/texts.h"
#include "services/classification/storage/example_store.h"
#include "services/classification/storage/migrations.h"
#include "services/classification/storage/model_store.h"
#include "services/classification/texts.h"
#include "services/classification/workers/intake.h"
#include "services/classification/workers/learner.h"

namespace veche::classification {
namespace {

constexpr char kService[] = "classification";
constexpr absl::Duration kPrunePeriod = absl::Hours(1);
// How often a replica looks for a model that another replica put into use.
constexpr absl::Duration kLookPeriod = absl::Seconds(2);
constexpr absl::Duration kMeasurePeriod = absl::Seconds(30);

rpc::DispatcherOptions Options(const config::v1::Config& config) {
  rpc::DispatcherOptions options;
  options.service = kService;
  options.texts = TextFiles();
  options.language = config.city().language();
  options.background = true;  // a backlog of appeals to route must not slow submissions
  options.descriptors = {
      v1::SuggestRequest::descriptor()->file()->FindServiceByName("Classification")};
  if (config.pool().threads() > 0) options.threads = config.pool().threads();
  if (config.pool().queue() > 0) options.queue = config.pool().queue();
  return options;
}

std::unique_ptr<events::Source> AppealsLog(rpc::Channels& channels) {
  return events::RemoteSource(
      channels.For("appeals"),
      {.log = "appeals", .consumer = kService, .prepare = [](grpc::ClientContext& context) {
         context.AddMetadata(api::kServiceMetadata, kService);
       }});
}

// The parts in the order in which they need each other.
class ClassificationModule final : public rpc::Module {
 public:
  ClassificationModule(const rpc::Environment& environment, std::unique_ptr<sql::Database> database,
                       std::shared_ptr<const Classifier> built_in, const LearningOptions& options)
      : environment_(environment),
        options_(options),
        telemetry_(environment.telemetry),
        database_(std::move(database)),
        registry_({.database = *database_,
                   .models = models_,
                   .folder = environment.data_dir / kService,
                   .built_in = std::move(built_in),
                   .clock = environment.clock,
                   .telemetry = telemetry_}),
        idempotency_(*database_, environment.clock),
        drift_(*telemetry_.metrics),
        handlers_({.active = registry_.active(), .wrong_cost = options_.wrong_cost}),
        learning_handlers_({.database = *database_,
                            .examples = examples_,
                            .models = models_,
                            .registry = registry_,
                            .options = options_,
                            .clock = environment.clock,
                            .ids = environment.ids,
                            .wake_learner = [this] { WakeLearner(); }}) {}

  absl::Status Build() {
    RETURN_IF_ERROR(registry_.Open());
    ASSIGN_OR_RETURN(rpc_,
                     rpc::Dispatcher::Create(Options(environment_.config), environment_.verifier,
                                             &idempotency_, environment_.clock, telemetry_));
    service_ = std::make_unique<Service>(*rpc_, handlers_, learning_handlers_);
    return absl::OkStatus();
  }

  std::vector<grpc::Service*> services() override { return {service_.get()}; }

  absl::Status Ready() override {
    return database_->Read([this](sql::Transaction& transaction) {
      return models_.CurrentActivation(transaction).status();
    });
  }
  rpc::DirectService* direct() override { return rpc_.get(); }

  absl::Status Start() override {
    pruning_.Start();
    looking_.Start();
    measuring_.Start();
    return absl::OkStatus();
  }

  void StartFollowing() override {
    if (!environment_.channels.Knows("appeals")) {
      telemetry_.logger->Warning("nothing is learned: the address of appeals is not configured");
      return;
    }
    texts_ = AppealTexts(environment_.channels.For("appeals"));
    departments_ = environment_.channels.Knows("directory")
                       ? DirectoryDepartments(environment_.channels.For("directory"))
                       : DepartmentsNamedByKind();
    intake_ = std::make_unique<Intake>(
        Intake::Options{.shadow_share = options_.shadow_share}, examples_, *texts_,
        [this] { return registry_.shadow(); }, telemetry_);
    consumer_ = std::make_unique<events::Consumer>(
        events::ConsumerOptions{.name = kService}, AppealsLog(environment_.channels), *database_,
        [this](absl::Span<const events::Event> batch) { return intake_->Decide(batch); },
        telemetry_);
    consumer_->Start();
    auto learner = std::make_unique<Learner>(
        Learner::Parts{.database = *database_,
                       .examples = examples_,
                       .models = models_,
                       .registry = registry_,
                       .texts = *texts_,
                       .departments = *departments_,
                       .clock = environment_.clock,
                       .ids = environment_.ids,
                       .options = options_,
                       .seed = SeedExamples(),
                       .base_folder = (environment_.data_dir / kService / "base").string(),
                       .telemetry = telemetry_});
    learner->Start();
    absl::MutexLock lock(&learner_mutex_);
    learner_ = std::move(learner);
  }

  void Stop() override {
    rpc_->Shutdown();
    std::unique_ptr<Learner> learner;
    {
      absl::MutexLock lock(&learner_mutex_);
      learner = std::move(learner_);
    }
    learner.reset();
    consumer_.reset();
    intake_.reset();
    texts_.reset();
    departments_.reset();
    measuring_.Stop();
    looking_.Stop();
    pruning_.Stop();
  }

 private:
  void WakeLearner() {
    absl::MutexLock lock(&learner_mutex_);
    if (learner_ != nullptr) learner_->Wake();
  }

  absl::Duration Look() {
    const absl::Status looked = registry_.Refresh();
    if (!looked.ok()) {
      telemetry_.logger->Error("models not looked at", {{"error", looked.ToString()}});
    }
    return kLookPeriod;
  }

  absl::Duration Measure() {
    v1::Drift drift;
    const std::string active = registry_.active().Share()->model().version();
    const absl::Status measured =
        database_->Read([&](sql::Transaction& transaction) -> absl::Status {
          ASSIGN_OR_RETURN(const auto record, models_.FindModel(transaction, active));
          ASSIGN_OR_RETURN(drift, MeasureDrift(transaction, examples_,
                                               record ? record->scores : v1::Scores(), options_));
          return absl::OkStatus();
        });
    if (measured.ok()) {
      drift_.Set(drift);
    } else {
      telemetry_.logger->Error("drift not measured", {{"error", measured.ToString()}});
    }
    return kMeasurePeriod;
  }

  const rpc::Environment environment_;
  const LearningOptions options_;
  observe::Telemetry telemetry_;
  std::unique_ptr<sql::Database> database_;
  ExampleStore examples_;
  ModelStore models_;
  ModelRegistry registry_;
  rpc::Idempotency idempotency_;
  Worker pruning_{observe::LoggedWorker("models-prune", telemetry_), [this] {
                    idempotency_.Prune().IgnoreError();
                    return kPrunePeriod;
                  }};
  Worker looking_{observe::LoggedWorker("models-look", telemetry_), [this] { return Look(); }};
  DriftMetrics drift_;
  Worker measuring_{observe::LoggedWorker("models-drift", telemetry_),
                    [this] { return Measure(); }};
  Handlers handlers_;
  LearningHandlers learning_handlers_;
  std::unique_ptr<rpc::Dispatcher> rpc_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<TextSource> texts_;
  std::unique_ptr<DepartmentSource> departments_;
  std::unique_ptr<Intake> intake_;
  std::unique_ptr<events::Consumer> consumer_;
  absl::Mutex learner_mutex_;
  std::unique_ptr<Learner> learner_ ABSL_GUARDED_BY(learner_mutex_);
};

}  // namespace

absl::StatusOr<std::unique_ptr<rpc::Module>> CreateClassificationModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(const LearningOptions options, ReadOptions(environment.config));
  ASSIGN_OR_RETURN(std::unique_ptr<sql::Database> database,
                   environment.OpenDatabase(kService, {rpc::IdempotencyMigrations(),
                                                       events::Migrations(), Migrations()}));
  ASSIGN_OR_RETURN(std::shared_ptr<const Classifier> built_in, LoadBuiltIn());
  auto module = std::make_unique<ClassificationModule>(environment, std::move(database),
                                                       std::move(built_in), options);
  RETURN_IF_ERROR(module->Build());
  return module;
}

}  // namespace veche::classification
