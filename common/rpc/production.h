#pragma once

#include "common/rpc/open_call.h"
#include "common/rpc/status.h"
#include "common/rpc/stream.h"

namespace veche::rpc {

// The reactor of a stream that a StreamProducer feeds: a step on the pool makes a message, its
// write's end asks for the next step. Always either a step or a write is under way, so a client
// that leaves is noticed by the next of them. Private to the dispatcher; deletes itself.
template <typename Handlers, typename Request, typename Response>
class Production final : public grpc::ServerWriteReactor<Response> {
 public:
  using Handler = absl::StatusOr<std::unique_ptr<StreamProducer<Response>>> (Handlers::*)(
      const Call&, const Request&);

  Production(CallShared& shared, Method& method, grpc::CallbackServerContext& context,
             const Request& request, Handlers& handlers, Handler handler)
      : incoming_(context),
        call_(shared, method, incoming_, /*unary=*/false),
        request_(request),
        handlers_(handlers),
        handler_(handler) {
    absl::Status taken = call_.shared().pool.Post([this] { Open(); });
    if (!taken.ok()) End(NotTaken(taken));
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return End(absl::CancelledError("the client left"));
    if (!call_.shared().pool.PostStep([this] { Step(); })) End(Stopping());
  }
  void OnDone() override { delete this; }

 private:
  void Open() {
    absl::Status status = CatchExceptions([this] { return MakeProducer(); });
    if (!status.ok()) return End(std::move(status));
    Step();
  }

  absl::Status MakeProducer() {
    absl::StatusOr<Call> call = call_.Admit(&request_);
    if (!call.ok()) return call.status();
    auto producer = (handlers_.*handler_)(*call, request_);
    if (!producer.ok()) return producer.status();
    producer_ = *std::move(producer);
    return absl::OkStatus();
  }

  // After it starts a write, the next step may run before this one has returned.
  void Step() {
    if (call_.cancelled()) return End(absl::CancelledError("the client left"));
    if (call_.shared().stopping) return End(Stopping());
    message_.Clear();
    absl::StatusOr<bool> more =
        CatchExceptions([this]() -> absl::StatusOr<bool> { return producer_->Next(message_); });
    if (!more.ok()) return End(more.status());
    if (!*more) return End(absl::OkStatus());
    this->StartWrite(&message_);
  }

  void End(absl::Status status) {
    producer_.reset();
    this->Finish(ToGrpc(call_.Close(std::move(status))));
  }

  const GrpcIncoming incoming_;
  OpenCall call_;
  const Request& request_;
  Handlers& handlers_;
  const Handler handler_;
  std::unique_ptr<StreamProducer<Response>> producer_;
  Response message_;
};

}  // namespace veche::rpc
