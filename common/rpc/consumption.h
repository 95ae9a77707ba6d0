#pragma once

#include "common/rpc/open_call.h"
#include "common/rpc/status.h"
#include "common/rpc/stream.h"

namespace veche::rpc {

// The reactor of a client's stream into a StreamSink: a read's end asks for a step on the pool,
// which appends and starts the next read. Private to the dispatcher; deletes itself.
//
// A read fails alike when the client has sent all and when it broke off, and the news of a broken
// call may come later. So the end is probed by sending the initial metadata: on a broken call that
// fails, and only then is it certain that the sink has everything.
template <typename Handlers, typename Request, typename Response>
class Consumption final : public grpc::ServerReadReactor<Request> {
 public:
  using Handler =
      absl::StatusOr<std::unique_ptr<StreamSink<Request, Response>>> (Handlers::*)(const Call&);

  Consumption(CallShared& shared, Method& method, grpc::CallbackServerContext& context,
              Response& response, Handlers& handlers, Handler handler)
      : incoming_(context),
        call_(shared, method, incoming_, /*unary=*/false),
        response_(response),
        handlers_(handlers),
        handler_(handler) {
    absl::Status taken = call_.shared().pool.Post([this] { Open(); });
    if (!taken.ok()) End(NotTaken(taken));
  }

  void OnReadDone(bool ok) override {
    if (ok) {
      PostStep([this] { Append(); });
    } else {
      this->StartSendInitialMetadata();
    }
  }
  void OnSendInitialMetadataDone(bool ok) override {
    if (!ok || call_.cancelled()) return End(absl::CancelledError("the client broke off"));
    PostStep([this] { Complete(); });
  }
  void OnDone() override { delete this; }

 private:
  void PostStep(WorkerPool::Task step) {
    if (!call_.shared().pool.PostStep(std::move(step))) End(Stopping());
  }

  void Open() {
    absl::Status status = CatchExceptions([this] { return MakeSink(); });
    if (!status.ok()) return End(std::move(status));
    this->StartRead(&message_);
  }

  absl::Status MakeSink() {
    absl::StatusOr<Call> call = call_.Admit(nullptr);
    if (!call.ok()) return call.status();
    auto sink = (handlers_.*handler_)(*call);
    if (!sink.ok()) return sink.status();
    sink_ = *std::move(sink);
    return absl::OkStatus();
  }

  void Append() {
    if (call_.shared().stopping) return End(Stopping());
    absl::Status status = CatchExceptions([this] { return sink_->Append(message_); });
    if (!status.ok()) return End(std::move(status));
    message_.Clear();
    this->StartRead(&message_);
  }

  void Complete() {
    if (call_.cancelled()) return End(absl::CancelledError("the client broke off"));
    absl::StatusOr<Response> response = CatchExceptions([this] { return sink_->Finish(); });
    if (!response.ok()) return End(response.status());
    response_ = *std::move(response);
    End(absl::OkStatus());
  }

  void End(absl::Status status) {
    sink_.reset();
    this->Finish(ToGrpc(call_.Close(std::move(status))));
  }

  const GrpcIncoming incoming_;
  OpenCall call_;
  Response& response_;
  Handlers& handlers_;
  const Handler handler_;
  std::unique_ptr<StreamSink<Request, Response>> sink_;
  Request message_;
};

}  // namespace veche::rpc
