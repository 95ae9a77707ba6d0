#pragma once

#include "common/rpc/idempotency.h"
#include "common/rpc/open_call.h"

// A unary call on its way through the worker pool. Private to the dispatcher.

namespace veche::rpc {

class UnaryCall {
 public:
  UnaryCall(CallShared& shared, Method& method, grpc::CallbackServerContext& context,
            const google::protobuf::Message& request, google::protobuf::Message& response)
      : open_(shared, method, context, /*unary=*/true),
        request_(request),
        response_(response),
        reactor_(*context.DefaultReactor()) {}
  virtual ~UnaryCall() = default;

  // Puts the call on the pool; it answers and deletes itself there, or here when the pool refuses.
  static grpc::ServerUnaryReactor* Start(std::unique_ptr<UnaryCall> call);

 protected:
  // Calls the handler, which fills the response.
  virtual absl::Status Handle(const Call& call) = 0;

 private:
  void Run();
  absl::Status Answer();
  absl::Status AnswerOnce(const Call& call);
  absl::Status Replay(const std::string& stored);

  OpenCall open_;
  const google::protobuf::Message& request_;
  google::protobuf::Message& response_;
  grpc::ServerUnaryReactor& reactor_;
};

template <typename Handlers, typename Request, typename Response>
class TypedUnaryCall final : public UnaryCall {
 public:
  using Handler = absl::StatusOr<Response> (Handlers::*)(const Call&, const Request&);

  TypedUnaryCall(CallShared& shared, Method& method, grpc::CallbackServerContext& context,
                 const Request& request, Response& response, Handlers& handlers, Handler handler)
      : UnaryCall(shared, method, context, request, response),
        request_(request),
        response_(response),
        handlers_(handlers),
        handler_(handler) {}

 private:
  absl::Status Handle(const Call& call) override {
    absl::StatusOr<Response> answer = (handlers_.*handler_)(call, request_);
    if (!answer.ok()) return std::move(answer).status();
    response_ = *std::move(answer);
    return absl::OkStatus();
  }

  const Request& request_;
  Response& response_;
  Handlers& handlers_;
  const Handler handler_;
};

}  // namespace veche::rpc
