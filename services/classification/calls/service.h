#pragma once

#include "common/rpc/dispatcher.h"
#include "services/classification/calls/handlers.h"
#include "services/classification/calls/learning_handlers.h"
#include "veche/classification/v1/classification.grpc.pb.h"

namespace veche::classification {

// Binds each RPC to its handler.
class Service final : public v1::Classification::CallbackService {
 public:
  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  // All must outlive it.
  Service(rpc::Dispatcher& rpc, Handlers& handlers, LearningHandlers& learning) : rpc_(rpc) {
    rpc.Bind(handlers, &Handlers::Suggest, &Handlers::SuggestBatch);
    rpc.Bind(learning, &LearningHandlers::Correct, &LearningHandlers::ListModels,
             &LearningHandlers::TrainModel, &LearningHandlers::PromoteModel,
             &LearningHandlers::RollBackModel);
  }

  Reactor* Suggest(Context* context, const v1::SuggestRequest* request,
                   v1::SuggestResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* SuggestBatch(Context* context, const v1::SuggestBatchRequest* request,
                        v1::SuggestBatchResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* Correct(Context* context, const v1::CorrectRequest* request,
                   v1::CorrectResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* ListModels(Context* context, const v1::ListModelsRequest* request,
                      v1::ListModelsResponse* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* TrainModel(Context* context, const v1::TrainModelRequest* request,
                      v1::Training* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* PromoteModel(Context* context, const v1::PromoteModelRequest* request,
                        v1::Model* response) override {
    return rpc_.Unary(context, request, response);
  }
  Reactor* RollBackModel(Context* context, const v1::RollBackModelRequest* request,
                         v1::Model* response) override {
    return rpc_.Unary(context, request, response);
  }

 private:
  rpc::Dispatcher& rpc_;
};

}  // namespace veche::classification
