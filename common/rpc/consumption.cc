#include "common/base/status_macros.h"
#include "common/rpc/grpc_calls.h"
#include "common/rpc/grpc_incoming.h"
#include "common/rpc/status.h"

namespace veche::rpc {
namespace {

// The reactor of a client's stream into a StreamSink. The end of a read posts a step to the pool;
// the step appends the message and starts the next read. Deletes itself.
//
// A read fails both when the client has sent everything and when the call broke, and OnCancel may
// come later. So the initial metadata is sent as a probe: it fails on a broken call. Only when it
// succeeds has the sink received everything.
class Consumption final : public grpc::ServerReadReactor<Bytes> {
 public:
  Consumption(CallShared& shared, Method& method, grpc::CallbackServerContext& context,
              Bytes& response)
      : incoming_(context),
        call_(shared, method, incoming_, /*unary=*/false),
        response_bytes_(response),
        message_(method.handler.request->New()) {
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
    this->StartRead(&bytes_);
  }

  absl::Status MakeSink() {
    ASSIGN_OR_RETURN(const Call call, call_.Admit(nullptr));
    ASSIGN_OR_RETURN(sink_, std::get<ConsumeHandler>(call_.method().handler.run)(call));
    return absl::OkStatus();
  }

  void Append() {
    if (call_.shared().stopping) return End(Stopping());
    absl::Status status = CatchExceptions([this]() -> absl::Status {
      RETURN_IF_ERROR(ReadMessage(bytes_, *message_));
      return sink_->Append(*message_);
    });
    if (!status.ok()) return End(std::move(status));
    this->StartRead(&bytes_);
  }

  void Complete() {
    if (call_.cancelled()) return End(absl::CancelledError("the client broke off"));
    End(CatchExceptions([this]() -> absl::Status {
      const std::unique_ptr<google::protobuf::Message> response(
          call_.method().handler.response->New());
      RETURN_IF_ERROR(sink_->Finish(*response));
      return WriteMessage(*response, response_bytes_);
    }));
  }

  void End(absl::Status status) {
    sink_.reset();
    this->Finish(ToGrpc(call_.Close(std::move(status))));
  }

  const GrpcIncoming incoming_;
  OpenCall call_;
  Bytes& response_bytes_;
  std::unique_ptr<MessageSink> sink_;
  Bytes bytes_;  // of the message that is being read
  const std::unique_ptr<google::protobuf::Message> message_;
};

}  // namespace

grpc::ServerReadReactor<Bytes>* StartConsumption(CallShared& shared, Method& method,
                                                 grpc::CallbackServerContext& context,
                                                 Bytes& response) {
  return new Consumption(shared, method, context, response);
}

}  // namespace veche::rpc
