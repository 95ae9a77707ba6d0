#pragma once

#include "common/rpc/direct.h"
#include "common/rpc/idempotency.h"
#include "common/rpc/open_call.h"

// Unary calls on their way through the worker pool. Private to the dispatcher.

namespace veche::rpc {

// A call whose owner provides what it came with and hears of its end.
class UnaryCall {
 public:
  virtual ~UnaryCall() = default;

  // Puts the call on the pool; it answers and deletes itself there, or here when the pool refuses.
  static void Start(std::unique_ptr<UnaryCall> call);

 protected:
  UnaryCall(CallShared& shared, Method& method, const Incoming& incoming,
            const google::protobuf::Message& request, google::protobuf::Message& response)
      : open_(shared, method, incoming, /*unary=*/true), request_(request), response_(response) {}

 private:
  // Tells the client; the response holds the answer when the status is OK.
  virtual void Finish(absl::Status status) = 0;

  void Run();
  absl::Status Answer();
  absl::Status AnswerOnce(const Call& call);
  absl::Status Handle(const Call& call);
  absl::Status Replay(const std::string& stored);

  OpenCall open_;
  const google::protobuf::Message& request_;
  google::protobuf::Message& response_;
};

// Calls the method as gRPC delivered it; gRPC owns messages and context.
grpc::ServerUnaryReactor* StartGrpcUnary(CallShared& shared, Method& method,
                                         grpc::CallbackServerContext& context,
                                         const google::protobuf::Message& request,
                                         google::protobuf::Message& response);

// Calls the method with wire bytes from within the process.
std::shared_ptr<RunningCall> StartDirectUnary(CallShared& shared, Method& method,
                                              DirectService::Options options,
                                              absl::string_view request, DirectService::Done done);

}  // namespace veche::rpc
