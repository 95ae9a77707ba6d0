#include "common/rpc/unary.h"

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/idempotency.h"
#include "common/sql/deadline.h"

namespace veche::rpc {
namespace {

// A unary call in the worker pool.
class UnaryCall {
 public:
  UnaryCall(CallShared& shared, Method& method, std::shared_ptr<const Incoming> incoming,
            std::unique_ptr<google::protobuf::Message> request, UnaryDone done)
      : incoming_(std::move(incoming)),
        open_(shared, method, *incoming_, /*unary=*/true),
        request_(std::move(request)),
        response_(method.handler.response->New()),
        done_(std::move(done)) {}

  void Run() {
    End(CatchExceptions([this] { return Answer(); }));
  }
  void End(absl::Status status) { done_(open_.Close(std::move(status)), *response_); }

 private:
  absl::Status Answer();
  absl::Status AnswerOnce(const Call& call);
  absl::Status Handle(const Call& call);
  absl::Status Replay(const std::string& stored);

  const std::shared_ptr<const Incoming> incoming_;
  OpenCall open_;
  const std::unique_ptr<google::protobuf::Message> request_;
  const std::unique_ptr<google::protobuf::Message> response_;
  const UnaryDone done_;
};

absl::Status UnaryCall::Answer() {
  ASSIGN_OR_RETURN(Call call, open_.Admit(request_.get()));
  const sql::DeadlineScope deadline(call.deadline());
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
  // Another replica has answered a call with the same key in the meantime.
  ASSIGN_OR_RETURN(std::optional<std::string> stored, idempotency.Find(key));
  return stored ? Replay(*stored) : status;
}

absl::Status UnaryCall::Handle(const Call& call) {
  return std::get<UnaryHandler>(open_.method().handler.run)(call, *request_, *response_);
}

absl::Status UnaryCall::Replay(const std::string& stored) {
  if (!response_->ParseFromString(stored)) {
    return absl::DataLossError("a stored answer cannot be read");
  }
  return absl::OkStatus();
}

}  // namespace

void StartUnary(CallShared& shared, Method& method, std::shared_ptr<const Incoming> incoming,
                std::unique_ptr<google::protobuf::Message> request, UnaryDone done) {
  auto call = std::make_unique<UnaryCall>(shared, method, std::move(incoming), std::move(request),
                                          std::move(done));
  UnaryCall* running = call.get();
  absl::Status taken = shared.pool.Post([running] {
    std::unique_ptr<UnaryCall> owned(running);
    owned->Run();
  });
  if (taken.ok()) {
    (void)call.release();  // the task owns it; an accepted task always runs
  } else {
    call->End(NotTaken(taken));
  }
}

}  // namespace veche::rpc
