#include "common/base/status_macros.h"
#include "common/rpc/grpc_calls.h"
#include "common/rpc/grpc_incoming.h"
#include "common/rpc/status.h"

namespace veche::rpc {
namespace {

// The reactor of a stream from a StreamProducer. A step on the pool makes a message and starts its
// write; the end of the write posts the next step. Until the end a step or a write is always in
// progress, so the next one notices a client that has left. Deletes itself.
class Production final : public grpc::ServerWriteReactor<Bytes> {
 public:
  Production(CallShared& shared, Method& method, grpc::CallbackServerContext& context,
             const Bytes& request)
      : incoming_(context),
        call_(shared, method, incoming_, /*unary=*/false),
        request_bytes_(request),
        message_(method.handler.response->New()) {
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
    const Handler& handler = call_.method().handler;
    const std::unique_ptr<google::protobuf::Message> request(handler.request->New());
    RETURN_IF_ERROR(ReadMessage(request_bytes_, *request));
    ASSIGN_OR_RETURN(const Call call, call_.Admit(request.get()));
    ASSIGN_OR_RETURN(producer_, std::get<ProduceHandler>(handler.run)(call, *request));
    return absl::OkStatus();
  }

  // After StartWrite the next step may run before this one has returned.
  void Step() {
    if (call_.cancelled()) return End(absl::CancelledError("the client left"));
    if (call_.shared().stopping) return End(Stopping());
    message_->Clear();
    absl::StatusOr<bool> more =
        CatchExceptions([this]() -> absl::StatusOr<bool> { return producer_->Next(*message_); });
    if (!more.ok()) return End(more.status());
    if (!*more) return End(absl::OkStatus());
    absl::Status written = WriteMessage(*message_, bytes_);
    if (!written.ok()) return End(std::move(written));
    this->StartWrite(&bytes_);
  }

  void End(absl::Status status) {
    producer_.reset();
    this->Finish(ToGrpc(call_.Close(std::move(status))));
  }

  const GrpcIncoming incoming_;
  OpenCall call_;
  const Bytes& request_bytes_;
  std::unique_ptr<MessageProducer> producer_;
  const std::unique_ptr<google::protobuf::Message> message_;
  Bytes bytes_;  // of the message that is being written
};

}  // namespace

grpc::ServerWriteReactor<Bytes>* StartProduction(CallShared& shared, Method& method,
                                                 grpc::CallbackServerContext& context,
                                                 const Bytes& request) {
  return new Production(shared, method, context, request);
}

}  // namespace veche::rpc
