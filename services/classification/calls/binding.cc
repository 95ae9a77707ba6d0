#include "services/classification/calls/binding.h"

namespace veche::classification {

std::vector<rpc::ServiceBuilder> Bind(SuggestCalls& calls, SpamCalls& spam,
                                      LearningCalls& learning) {
  return {rpc::ServiceBuilder("veche.classification.v1.Classification")
              .Unary(calls, &SuggestCalls::Suggest, &SuggestCalls::SuggestBatch)
              .Unary(spam, &SpamCalls::AssessSpam)
              .Unary(learning, &LearningCalls::Correct, &LearningCalls::ListModels,
                     &LearningCalls::TrainModel, &LearningCalls::PromoteModel,
                     &LearningCalls::RollBackModel)};
}

}  // namespace veche::classification
