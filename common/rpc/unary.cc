#include "common/rpc/unary.h"

#include <google/protobuf/message.h>

#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace veche::rpc {

grpc::ServerUnaryReactor* UnaryCall::Start(std::unique_ptr<UnaryCall> call) {
  grpc::ServerUnaryReactor* reactor = &call->reactor_;
  UnaryCall* running = call.get();
  absl::Status taken = call->open_.shared().pool.Post([running] {
    std::unique_ptr<UnaryCall> owned(running);
    owned->Run();
  });
  if (taken.ok()) {
    (void)call.release();  // the task's, which runs for certain
  } else {
    reactor->Finish(call->open_.Close(NotTaken(taken)));
  }
  return reactor;
}

void UnaryCall::Run() {
  grpc::Status status = open_.Close(CatchExceptions([this] { return Answer(); }));
  reactor_.Finish(std::move(status));
}

absl::Status UnaryCall::Answer() {
  ASSIGN_OR_RETURN(Call call, open_.Admit(&request_));
  return call.idempotency_key() ? AnswerOnce(call) : Handle(call);
}

absl::Status UnaryCall::AnswerOnce(const Call& call) {
  Idempotency& idempotency = *open_.shared().idempotency;
  const IdempotencyKey& key = *call.idempotency_key();
  ASSIGN_OR_RETURN(auto begun, idempotency.Begin(key));
  if (auto* stored = std::get_if<std::string>(&begun)) return Replay(*stored);
  absl::Status status = Handle(call);
  if (!absl::IsAlreadyExists(status) || ErrorReason(status) != "IDEMPOTENCY_KEY_IN_USE") {
    return status;
  }
  // A twin on another replica has answered meanwhile.
  ASSIGN_OR_RETURN(std::optional<std::string> stored, idempotency.Find(key));
  return stored ? Replay(*stored) : status;
}

absl::Status UnaryCall::Replay(const std::string& stored) {
  if (!response_.ParseFromString(stored)) {
    return absl::DataLossError("a stored answer cannot be read");
  }
  return absl::OkStatus();
}

}  // namespace veche::rpc
