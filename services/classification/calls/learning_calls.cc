#include "services/classification/calls/learning_calls.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/utf8.h"
#include "services/classification/calls/model_wire.h"
#include "services/classification/learning/drift.h"
#include "services/classification/learning/errors.h"
#include "services/classification/learning/promotion.h"

namespace veche::classification {
namespace {

constexpr size_t kMaxName = 200;
constexpr size_t kMaxReason = 500;
constexpr size_t kMaxVersion = 64;
constexpr int kListed = 50;
constexpr int64_t kCounted = 100'000;

// Whether `name` is "<collection>/{id}".
bool IsName(absl::string_view name, absl::string_view collection) {
  return absl::ConsumePrefix(&name, collection) && absl::ConsumePrefix(&name, "/") &&
         !name.empty() && name.size() <= kMaxName &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") ==
             absl::string_view::npos;
}

void CheckReason(const std::string& reason, bool needed, Violations& violations) {
  const Text problem = text::TextProblem(
      reason, {.min_characters = needed ? size_t{1} : size_t{0}, .max_characters = kMaxReason});
  if (!problem.empty()) violations.Add("reason", problem);
}

// ACTIVE is only the model that answers.
void MarkUnreadable(const std::string& reason, v1::Model& model) {
  model.set_state(v1::Model::UNREADABLE);
  model.set_active(false);
  model.set_reason(absl::StrCat("Should be in use, but this program cannot read it: ", reason,
                                ". The first model listed answers."));
}

}  // namespace

absl::StatusOr<v1::CorrectResponse> LearningCalls::Correct(const rpc::Call& call,
                                                           const v1::CorrectRequest& request,
                                                           Violations violations) {
  if (!IsName(request.appeal(), "appeals")) {
    violations.Add("appeal", {"NAME_FORM", {{"form", "appeals/{id}"}}});
  }
  if (!IsName(request.category(), "categories")) {
    violations.Add("category", {"NAME_FORM", {{"form", "categories/{id}"}}});
  }
  RETURN_IF_ERROR(violations.ToStatus());
  const absl::string_view topic = absl::StripPrefix(request.category(), "categories/");
  if (FindTopic(topic) == nullptr) return UnknownCategory(request.category());
  const StaffDecision decided = {.appeal = request.appeal(),
                                 .kind = LabelKind::kCategory,
                                 .decision = Decision::kCorrected,
                                 .label = request.category(),
                                 .staff = call.principal().name,
                                 .time = parts_.clock.Now()};
  v1::CorrectResponse response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(parts_.examples.PutDecision(transaction, decided));
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<v1::Model> LearningCalls::Active(sql::Transaction& transaction) {
  const std::shared_ptr<const Classifier> active = parts_.registry.active().Share();
  ASSIGN_OR_RETURN(const auto record,
                   parts_.models.FindModel(transaction, active->model().version()));
  v1::Model model = record ? ToProto(*record) : v1::Model();
  Describe(active->model(), model);
  model.set_active(true);
  model.set_state(v1::Model::ACTIVE);
  return model;
}

absl::StatusOr<v1::ListModelsResponse> LearningCalls::ListModels(const rpc::Call&,
                                                                 const v1::ListModelsRequest&) {
  RETURN_IF_ERROR(parts_.registry.Refresh());
  const ModelInUse in_use = parts_.registry.in_use();
  v1::ListModelsResponse response;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(*response.add_models(), Active(transaction));
    const std::string active = response.models(0).version();
    ASSIGN_OR_RETURN(const auto records, parts_.models.ListModels(transaction, kListed));
    for (const ModelRecord& record : records) {
      if (record.version == active) continue;
      v1::Model& model = *response.add_models();
      model = ToProto(record);
      ASSIGN_OR_RETURN(*model.mutable_scores(),
                       ScoresNow(transaction, parts_.models, parts_.examples, record, active));
      if (record.version == in_use.unreadable) MarkUnreadable(in_use.reason, model);
    }
    const Model& built_in = parts_.registry.built_in()->model();
    if (built_in.version() != active) {
      v1::Model& model = *response.add_models();
      Describe(built_in, model);
      model.set_state(v1::Model::RETIRED);
      model.set_reason("Built in.");
    }
    ASSIGN_OR_RETURN(const auto training, parts_.models.NewestTraining(transaction));
    if (training) *response.mutable_training() = ToProto(*training);
    ASSIGN_OR_RETURN(
        *response.mutable_drift(),
        MeasureDrift(transaction, parts_.examples, response.models(0).scores(), parts_.options));
    ASSIGN_OR_RETURN(const absl::Time since, parts_.models.StartOfNewestDone(transaction));
    ASSIGN_OR_RETURN(const int64_t all,
                     parts_.examples.CountDecisions(transaction, absl::InfinitePast(), kCounted));
    ASSIGN_OR_RETURN(const int64_t fresh,
                     parts_.examples.CountDecisions(transaction, since, kCounted));
    response.set_decision_count(all);
    response.set_new_decision_count(fresh);
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::Training> LearningCalls::TrainModel(const rpc::Call& call,
                                                       const v1::TrainModelRequest&) {
  const TrainingRecord wished = {
      .id = parts_.ids.New(), .requester = call.principal().name, .started = parts_.clock.Now()};
  v1::Training response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(parts_.models.RequestTraining(transaction, wished));
    // This run, or the one that waited or ran before.
    ASSIGN_OR_RETURN(const auto training, parts_.models.RunningTraining(transaction));
    if (!training) return TrainingEnded();
    response = ToProto(*training);
    return call.Remember(transaction, response);
  }));
  parts_.wake_learner();
  return response;
}

absl::StatusOr<v1::Model> LearningCalls::PromoteModel(const rpc::Call& call,
                                                      const v1::PromoteModelRequest& request,
                                                      Violations violations) {
  if (request.version().size() > kMaxVersion ||
      request.version().find_first_not_of("0123456789abcdef") != std::string::npos) {
    violations.Add("version", "MODEL_VERSION");
  }
  CheckReason(request.reason(), request.force(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  std::optional<ModelRecord> known;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(known, parts_.models.FindModel(transaction, request.version()));
    return absl::OkStatus();
  }));
  if (!known) return UnknownModel(request.version());
  RETURN_IF_ERROR(parts_.registry.Refresh());
  const ModelInUse in_use = parts_.registry.in_use();
  // Refuse a model that this program cannot read.
  const absl::Status usable = parts_.registry.Load(request.version()).status();
  if (!usable.ok()) return ModelUnusable(request.version(), usable.message());
  v1::Model response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(Promote(transaction, parts_.models, parts_.examples, request.version(), in_use,
                            {.actor = call.principal().name,
                             .reason = request.reason(),
                             .forced = request.force(),
                             .now = parts_.clock.Now()}));
    ASSIGN_OR_RETURN(const auto promoted, parts_.models.FindModel(transaction, request.version()));
    if (!promoted) return UnknownModel(request.version());
    response = ToProto(*promoted);
    return call.Remember(transaction, response);
  }));
  RETURN_IF_ERROR(parts_.registry.Refresh());
  return response;
}

absl::StatusOr<v1::Model> LearningCalls::RollBackModel(const rpc::Call& call,
                                                       const v1::RollBackModelRequest& request,
                                                       Violations violations) {
  CheckReason(request.reason(), false, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  v1::Model response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(RollBack(
        transaction, parts_.models,
        {.actor = call.principal().name, .reason = request.reason(), .now = parts_.clock.Now()}));
    ASSIGN_OR_RETURN(const Activation current, parts_.models.CurrentActivation(transaction));
    response.Clear();
    if (current.version.empty()) {
      Describe(parts_.registry.built_in()->model(), response);
      response.set_state(v1::Model::ACTIVE);
      response.set_active(true);
    } else {
      ASSIGN_OR_RETURN(const auto model, parts_.models.FindModel(transaction, current.version));
      if (model) response = ToProto(*model);
    }
    return call.Remember(transaction, response);
  }));
  RETURN_IF_ERROR(parts_.registry.Refresh());
  return response;
}

}  // namespace veche::classification
