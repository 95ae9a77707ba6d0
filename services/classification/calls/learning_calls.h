#pragma once

#include <functional>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/rpc/call.h"
#include "services/classification/learning/model_registry.h"
#include "services/classification/learning/options.h"
#include "services/classification/storage/example_store.h"
#include "services/classification/storage/model_store.h"
#include "veche/classification/v1/classification.pb.h"

namespace veche::classification {

// The RPCs about learning as blocking functions. Thread-safe.
class LearningCalls {
 public:
  struct Parts {
    sql::Database& database;
    ExampleStore& examples;
    ModelStore& models;
    ModelRegistry& registry;
    LearningOptions options;
    const Clock& clock;
    IdSource& ids;
    std::function<void()> wake_learner;  // called when a run was requested
  };

  // What the parts refer to must outlive the object.
  explicit LearningCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::CorrectResponse> Correct(const rpc::Call& call,
                                              const v1::CorrectRequest& request,
                                              Violations violations = {});
  absl::StatusOr<v1::ListModelsResponse> ListModels(const rpc::Call& call,
                                                    const v1::ListModelsRequest& request);
  absl::StatusOr<v1::Training> TrainModel(const rpc::Call& call,
                                          const v1::TrainModelRequest& request);
  absl::StatusOr<v1::Model> PromoteModel(const rpc::Call& call,
                                         const v1::PromoteModelRequest& request,
                                         Violations violations = {});
  absl::StatusOr<v1::Model> RollBackModel(const rpc::Call& call,
                                          const v1::RollBackModelRequest& request,
                                          Violations violations = {});

 private:
  // The model that this process uses now.
  absl::StatusOr<v1::Model> Active(sql::Transaction& transaction);

  const Parts parts_;
};

}  // namespace veche::classification
