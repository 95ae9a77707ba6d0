#include "common/rpc/unary.h"

#include <google/protobuf/message.h>

#include "absl/memory/memory.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"

namespace veche::rpc {
namespace {

// What a call is made of, initialised before the base that refers to it.
struct GrpcParts {
  GrpcIncoming incoming;
};

class GrpcUnaryCall final : GrpcParts, public UnaryCall {
 public:
  GrpcUnaryCall(CallShared& shared, Method& method, grpc::CallbackServerContext& context,
                const google::protobuf::Message& request, google::protobuf::Message& response)
      : GrpcParts{GrpcIncoming(context)},
        UnaryCall(shared, method, incoming, request, response),
        reactor_(*context.DefaultReactor()) {}

  grpc::ServerUnaryReactor& reactor() { return reactor_; }

 private:
  void Finish(absl::Status status) override { reactor_.Finish(ToGrpc(status)); }

  grpc::ServerUnaryReactor& reactor_;
};

// Shared with the caller, who may cancel.
class DirectIncoming final : public Incoming, public RunningCall {
 public:
  explicit DirectIncoming(DirectService::Options options) : options_(std::move(options)) {}

  void Cancel() override { cancelled_.store(true, std::memory_order_relaxed); }

  std::optional<absl::string_view> Metadata(absl::string_view name) const override {
    for (const auto& [key, value] : options_.metadata) {
      if (key == name) return value;
    }
    return std::nullopt;
  }
  absl::Time deadline() const override { return options_.deadline; }
  bool cancelled() const override { return cancelled_.load(std::memory_order_relaxed); }
  bool IsProvenToBe(absl::string_view) const override { return true; }

 private:
  const DirectService::Options options_;
  std::atomic<bool> cancelled_ = false;
};

struct DirectParts {
  std::shared_ptr<DirectIncoming> incoming;
  std::unique_ptr<google::protobuf::Message> request;
  std::unique_ptr<google::protobuf::Message> response;
};

class DirectUnaryCall final : DirectParts, public UnaryCall {
 public:
  DirectUnaryCall(CallShared& shared, Method& method, DirectParts parts, DirectService::Done done)
      : DirectParts(std::move(parts)),
        UnaryCall(shared, method, *incoming, *request, *response),
        done_(std::move(done)) {}

 private:
  void Finish(absl::Status status) override {
    done_(status, status.ok() ? response->SerializeAsString() : std::string());
  }

  const DirectService::Done done_;
};

}  // namespace

void UnaryCall::Start(std::unique_ptr<UnaryCall> call) {
  UnaryCall* running = call.get();
  absl::Status taken = call->open_.shared().pool.Post([running] {
    std::unique_ptr<UnaryCall> owned(running);
    owned->Run();
  });
  if (taken.ok()) {
    (void)call.release();  // the task's, which runs for certain
  } else {
    call->Finish(call->open_.Close(NotTaken(taken)));
  }
}

void UnaryCall::Run() {
  Finish(open_.Close(CatchExceptions([this] { return Answer(); })));
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

absl::Status UnaryCall::Handle(const Call& call) {
  const UnaryHandler& handler = open_.method().handler;
  if (handler == nullptr) return absl::UnimplementedError("no handler is bound");
  return handler(call, request_, response_);
}

absl::Status UnaryCall::Replay(const std::string& stored) {
  if (!response_.ParseFromString(stored)) {
    return absl::DataLossError("a stored answer cannot be read");
  }
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* StartGrpcUnary(CallShared& shared, Method& method,
                                         grpc::CallbackServerContext& context,
                                         const google::protobuf::Message& request,
                                         google::protobuf::Message& response) {
  auto call = std::make_unique<GrpcUnaryCall>(shared, method, context, request, response);
  grpc::ServerUnaryReactor* reactor = &call->reactor();
  UnaryCall::Start(std::move(call));
  return reactor;
}

std::shared_ptr<RunningCall> StartDirectUnary(CallShared& shared, Method& method,
                                              DirectService::Options options,
                                              absl::string_view request, DirectService::Done done) {
  DirectParts parts{std::make_shared<DirectIncoming>(std::move(options)),
                    absl::WrapUnique(method.request->New()),
                    absl::WrapUnique(method.response->New())};
  if (!parts.request->ParseFromArray(request.data(), static_cast<int>(request.size()))) {
    done(absl::InternalError("a request on the wire cannot be read"), "");
    return parts.incoming;
  }
  auto incoming = parts.incoming;
  UnaryCall::Start(
      std::make_unique<DirectUnaryCall>(shared, method, std::move(parts), std::move(done)));
  return incoming;
}

}  // namespace veche::rpc
