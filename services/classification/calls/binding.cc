#include "services/classification/calls/binding.h"

namespace veche::classification {

std::vector<rpc::ServiceBuilder> Bind(Handlers& handlers, LearningHandlers& learning) {
  return {rpc::ServiceBuilder("veche.classification.v1.Classification")
              .Unary(handlers, &Handlers::Suggest, &Handlers::SuggestBatch)
              .Unary(learning, &LearningHandlers::Correct, &LearningHandlers::ListModels,
                     &LearningHandlers::TrainModel, &LearningHandlers::PromoteModel,
                     &LearningHandlers::RollBackModel)};
}

}  // namespace veche::classification
