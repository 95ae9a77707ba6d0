#include "common/rpc/direct_subscription.h"

#include <optional>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "common/rpc/direct_incoming.h"
#include "common/rpc/subscription.h"

namespace veche::rpc {
namespace {

// Hands a message over when the receiver has asked for it. Keeps itself alive until the end.
class DirectSubscription final : public RunningStream,
                                 public SubscriptionTransport,
                                 public std::enable_shared_from_this<DirectSubscription> {
 public:
  DirectSubscription(CallShared& shared, Method& method, DirectService::Options options,
                     std::shared_ptr<StreamReceiver> receiver)
      : incoming_(std::move(options)),
        receiver_(std::move(receiver)),
        call_(shared, method, incoming_, *this) {}

  void Start(std::string request) {
    self_ = shared_from_this();
    call_.Start([request = std::move(request)](google::protobuf::Message& message) {
      return message.ParseFromString(request)
                 ? absl::OkStatus()
                 : absl::InternalError("a message on the wire cannot be read");
    });
  }

  void Read() override {
    const auto self = shared_from_this();
    std::optional<std::string> wire;
    {
      absl::MutexLock lock(&mutex_);
      wire.swap(waiting_);
      if (!wire) wanted_ = true;
    }
    if (wire) Deliver(*wire);
  }

  void Cancel() override {
    const auto self = shared_from_this();
    incoming_.Cancel();
    std::optional<std::string> unread;
    {
      absl::MutexLock lock(&mutex_);
      cancelled_ = true;
      unread.swap(waiting_);
    }
    call_.state().Cancelled();
    if (unread) call_.state().Written(false);
  }

  void Announce() override {}

  void Send(std::string wire) override {
    bool left;
    {
      absl::MutexLock lock(&mutex_);
      left = cancelled_;
      if (!left && !wanted_) {
        waiting_ = std::move(wire);
        return;
      }
      wanted_ = false;
    }
    if (left) return call_.state().Written(false);
    Deliver(wire);
  }

  void Finish(absl::Status status) override {
    const auto self = std::exchange(self_, nullptr);
    std::exchange(receiver_, nullptr)->OnDone(status);
    call_.Done();
  }

 private:
  // One at a time: the state sends the next message only after Written.
  void Deliver(const std::string& wire) {
    receiver_->OnMessage(wire);
    call_.state().Written(true);
  }

  DirectIncoming incoming_;
  std::shared_ptr<StreamReceiver> receiver_;  // null after Finish
  absl::Mutex mutex_;
  bool wanted_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<std::string> waiting_ ABSL_GUARDED_BY(mutex_);  // sent, not yet read
  SubscriptionCall call_;
  std::shared_ptr<DirectSubscription> self_;  // until Finish
};

}  // namespace

std::shared_ptr<RunningStream> StartDirectSubscription(CallShared& shared, Method& method,
                                                       DirectService::Options options,
                                                       std::string request,
                                                       std::shared_ptr<StreamReceiver> receiver) {
  auto subscription =
      std::make_shared<DirectSubscription>(shared, method, std::move(options), std::move(receiver));
  subscription->Start(std::move(request));
  return subscription;
}

}  // namespace veche::rpc
