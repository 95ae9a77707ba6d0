#include <utility>

#include "common/rpc/grpc_calls.h"
#include "common/rpc/grpc_incoming.h"
#include "common/rpc/status.h"
#include "common/rpc/subscription.h"

namespace veche::rpc {
namespace {

// The reactor of a subscription. Deletes itself when the call is done.
class GrpcSubscription final : public grpc::ServerWriteReactor<Bytes>,
                               public SubscriptionTransport {
 public:
  GrpcSubscription(CallShared& shared, Method& method, grpc::CallbackServerContext& context,
                   const Bytes& request)
      : incoming_(context), call_(shared, method, incoming_, *this) {
    call_.Start(
        [&request](google::protobuf::Message& message) { return ReadMessage(request, message); });
  }

  void Announce() override { StartSendInitialMetadata(); }
  void Send(std::string wire) override {
    out_ = ToBytes(std::move(wire));
    StartWrite(&out_);
  }
  void Finish(absl::Status status) override { ServerWriteReactor::Finish(ToGrpc(status)); }

  void OnWriteDone(bool ok) override { call_.state().Written(ok); }
  void OnCancel() override { call_.state().Cancelled(); }
  void OnDone() override {
    call_.Done();
    delete this;
  }

 private:
  const GrpcIncoming incoming_;
  SubscriptionCall call_;
  Bytes out_;  // being written
};

}  // namespace

grpc::ServerWriteReactor<Bytes>* StartSubscription(CallShared& shared, Method& method,
                                                   grpc::CallbackServerContext& context,
                                                   const Bytes& request) {
  return new GrpcSubscription(shared, method, context, request);
}

}  // namespace veche::rpc
