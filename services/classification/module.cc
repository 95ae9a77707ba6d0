#include "services/classification/module.h"

#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/events/consumer.h"
#include "common/observe/worker.h"
#include "common/service/service_module.h"
#include "services/classification/calls/binding.h"
#include "services/classification/calls/learning_calls.h"
#include "services/classification/calls/spam_calls.h"
#include "services/classification/calls/suggest_calls.h"
#include "services/classification/classifier/built_in_model.h"
#include "services/classification/learning/departments.h"
#include "services/classification/learning/drift.h"
#include "services/classification/learning/model_registry.h"
#include "services/classification/learning/options.h"
#include "services/classification/learning/texts.h"
#include "services/classification/spam/spam_model.h"
#include "services/classification/storage/example_store.h"
#include "services/classification/storage/migrations.h"
#include "services/classification/storage/model_store.h"
#include "services/classification/texts.h"
#include "services/classification/workers/intake.h"
#include "services/classification/workers/learner.h"

namespace veche::classification {
namespace {

constexpr char kService[] = "classification";
// How often a replica looks for a model that another replica put into use.
constexpr absl::Duration kLookPeriod = absl::Seconds(2);
constexpr absl::Duration kMeasurePeriod = absl::Seconds(30);

// The parts in the order in which they need each other.
class ClassificationModule final : public service::ServiceModule {
 public:
  ClassificationModule(service::ServiceParts parts, std::shared_ptr<const Classifier> built_in,
                       const SpamModel& spam_model, const LearningOptions& options)
      : ServiceModule(std::move(parts)),
        options_(options),
        spam_model_(spam_model),
        registry_({.database = database(),
                   .models = models_,
                   .folder = environment().data_dir / kService,
                   .built_in = std::move(built_in),
                   .clock = clock(),
                   .telemetry = telemetry()}),
        drift_(*telemetry().metrics),
        calls_({.active = registry_.active(), .wrong_cost = options_.wrong_cost}),
        spam_calls_(spam_model_),
        learning_calls_({.database = database(),
                         .examples = examples_,
                         .models = models_,
                         .registry = registry_,
                         .options = options_,
                         .clock = clock(),
                         .ids = ids(),
                         .wake_learner = [this] { WakeLearner(); }}) {}

  void StartFollowing() override {
    std::unique_ptr<events::Source> appeals = LogOf("appeals");
    if (appeals == nullptr) return;
    rpc::Channels& channels = environment().channels;
    appeal_texts_ = AppealTexts(channels.For("appeals"));
    departments_ = channels.Knows("directory") ? DirectoryDepartments(channels.For("directory"))
                                               : DepartmentsNamedByKind();
    intake_ = std::make_unique<Intake>(
        Intake::Options{.shadow_share = options_.shadow_share}, examples_, *appeal_texts_,
        [this] { return registry_.shadow(); }, telemetry());
    consumer_ = std::make_unique<events::Consumer>(
        events::ConsumerOptions{.name = kService}, std::move(appeals), database(),
        [this](absl::Span<const events::Event> batch) { return intake_->Decide(batch); },
        telemetry());
    consumer_->Start();
    auto learner = std::make_unique<Learner>(
        Learner::Parts{.database = database(),
                       .examples = examples_,
                       .models = models_,
                       .registry = registry_,
                       .texts = *appeal_texts_,
                       .departments = *departments_,
                       .clock = clock(),
                       .ids = ids(),
                       .options = options_,
                       .seed = SeedExamples(),
                       .base_folder = (environment().data_dir / kService / "base").string(),
                       .telemetry = telemetry()});
    learner->Start();
    absl::MutexLock lock(&learner_mutex_);
    learner_ = std::move(learner);
  }

 private:
  absl::Status Prepare() override { return registry_.Open(); }
  std::vector<rpc::ServiceBuilder> Services() override {
    return Bind(calls_, spam_calls_, learning_calls_);
  }
  void StartWorkers() override {
    looking_.Start();
    measuring_.Start();
  }
  void StopWorkers() override {
    std::unique_ptr<Learner> learner;
    {
      absl::MutexLock lock(&learner_mutex_);
      learner = std::move(learner_);
    }
    learner.reset();
    consumer_.reset();
    intake_.reset();
    appeal_texts_.reset();
    departments_.reset();
    measuring_.Stop();
    looking_.Stop();
  }

  void WakeLearner() {
    absl::MutexLock lock(&learner_mutex_);
    if (learner_ != nullptr) learner_->Wake();
  }

  absl::Duration Look() {
    const absl::Status looked = registry_.Refresh();
    if (!looked.ok()) {
      telemetry().logger->Error("models not looked at", {{"error", looked.ToString()}});
    }
    return kLookPeriod;
  }

  absl::Duration Measure() {
    v1::Drift drift;
    const std::string active = registry_.active().Share()->model().version();
    const absl::Status measured =
        database().Read([&](sql::Transaction& transaction) -> absl::Status {
          ASSIGN_OR_RETURN(const auto record, models_.FindModel(transaction, active));
          ASSIGN_OR_RETURN(drift, MeasureDrift(transaction, examples_,
                                               record ? record->scores : v1::Scores(), options_));
          return absl::OkStatus();
        });
    if (measured.ok()) {
      drift_.Set(drift);
    } else {
      telemetry().logger->Error("drift not measured", {{"error", measured.ToString()}});
    }
    return kMeasurePeriod;
  }

  const LearningOptions options_;
  const SpamModel spam_model_;
  ExampleStore examples_;
  ModelStore models_;
  ModelRegistry registry_;
  Worker looking_{observe::LoggedWorker("models-look", telemetry()), [this] { return Look(); }};
  DriftMetrics drift_;
  Worker measuring_{observe::LoggedWorker("models-drift", telemetry()),
                    [this] { return Measure(); }};
  SuggestCalls calls_;
  SpamCalls spam_calls_;
  LearningCalls learning_calls_;
  std::unique_ptr<TextSource> appeal_texts_;
  std::unique_ptr<DepartmentSource> departments_;
  std::unique_ptr<Intake> intake_;
  std::unique_ptr<events::Consumer> consumer_;
  absl::Mutex learner_mutex_;
  std::unique_ptr<Learner> learner_ ABSL_GUARDED_BY(learner_mutex_);
};

}  // namespace

service::Schema DatabaseSchema() { return {.migrations = Migrations(), .events = true}; }

absl::StatusOr<std::unique_ptr<rpc::Module>> CreateClassificationModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(const LearningOptions options, ReadOptions(environment.config));
  ASSIGN_OR_RETURN(std::shared_ptr<const Classifier> built_in, LoadBuiltIn());
  ASSIGN_OR_RETURN(const SpamModel spam_model, SpamModel::FitSeed());
  ASSIGN_OR_RETURN(
      service::ServiceParts parts,
      service::OpenService(environment, {.name = kService,
                                         .schema = DatabaseSchema(),
                                         .texts = TextFiles(),
                                         // A backlog of appeals to route must not slow submissions.
                                         .background = true}));
  return service::BuildService(std::make_unique<ClassificationModule>(
      std::move(parts), std::move(built_in), spam_model, options));
}

}  // namespace veche::classification
