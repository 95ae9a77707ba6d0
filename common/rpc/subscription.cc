#include <grpcpp/alarm.h>

#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/rpc/grpc_calls.h"
#include "common/rpc/grpc_incoming.h"
#include "common/rpc/status.h"

// A server stream to which other threads write.

namespace veche::rpc {
namespace {

constexpr size_t kSubscriptionQueue = 64;

// The part of a subscription that a hub may keep after the call; it has a pointer to the reactor
// only until the call is done. At most one StartWrite or Finish is in progress, and only the thread
// that set `busy_` starts the next one; gRPC is never called under the lock.
class SubscriptionState final : public MessageWriter, public OpenStream {
 public:
  SubscriptionState(grpc::ServerWriteReactor<Bytes>& reactor, OpenCall& call)
      : reactor_(&reactor), call_(&call) {}

  bool Write(const google::protobuf::Message& message) override {
    Bytes bytes;
    const absl::Status written = WriteMessage(message, bytes);
    if (!written.ok()) {
      Finish(written);
      return false;
    }
    {
      absl::MutexLock lock(&mutex_);
      if (ending_) return false;
      if (queue_.size() >= kSubscriptionQueue) {
        ending_ = true;  // queued messages are still sent, so that a slow client makes progress
        end_ = SlowClient();
        return false;
      }
      queue_.push_back(bytes);
    }
    Advance();
    return true;
  }

  void Finish(absl::Status status) override { EndWith(std::move(status), /*drop_queue=*/false); }
  void End(absl::Status status) override { EndWith(std::move(status), /*drop_queue=*/false); }

  void OnDone(std::function<void()> done) override {
    {
      absl::MutexLock lock(&mutex_);
      if (reactor_ != nullptr) {
        when_done_.push_back(std::move(done));
        return;
      }
    }
    done();
  }

  // The handler has returned: its messages may be sent. The initial metadata tells the client that
  // it is subscribed.
  void Opened(absl::Status status) {
    if (!status.ok()) EndWith(std::move(status), /*drop_queue=*/true);
    grpc::ServerWriteReactor<Bytes>* announced = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      if (queue_.empty() && !ending_) announced = reactor_;
    }
    if (announced != nullptr) announced->StartSendInitialMetadata();
    {
      absl::MutexLock lock(&mutex_);
      busy_ = false;
    }
    Advance();
  }

  // A write has ended.
  void Written(bool ok) {
    if (!ok) Cancelled();
    {
      absl::MutexLock lock(&mutex_);
      busy_ = false;
    }
    Advance();
  }

  void Cancelled() { EndWith(absl::CancelledError("the client left"), /*drop_queue=*/true); }

  // The call is done and the reactor will be deleted.
  void Detach() {
    std::vector<std::function<void()>> when_done;
    {
      absl::MutexLock lock(&mutex_);
      reactor_ = nullptr;
      call_ = nullptr;
      ending_ = true;
      queue_.clear();
      when_done.swap(when_done_);
    }
    for (auto& done : when_done) done();
  }

 private:
  void EndWith(absl::Status status, bool drop_queue) {
    {
      absl::MutexLock lock(&mutex_);
      if (drop_queue) queue_.clear();
      if (!ending_) {
        ending_ = true;
        end_ = std::move(status);
      }
    }
    Advance();
  }

  // Starts the next operation, unless one is in progress. After Finish the reactor, and perhaps
  // this object, may be destroyed.
  void Advance() {
    grpc::ServerWriteReactor<Bytes>* reactor;
    OpenCall* call;
    std::optional<absl::Status> end;
    {
      absl::MutexLock lock(&mutex_);
      if (busy_ || reactor_ == nullptr || (queue_.empty() && !ending_)) return;
      busy_ = true;  // stays true after Finish
      reactor = reactor_;
      call = call_;
      if (queue_.empty()) {
        end = end_;
      } else {
        current_.Swap(&queue_.front());
        queue_.pop_front();
      }
    }
    if (end) {
      reactor->Finish(ToGrpc(call->Close(*std::move(end))));
    } else {
      reactor->StartWrite(&current_);
    }
  }

  absl::Mutex mutex_;
  grpc::ServerWriteReactor<Bytes>* reactor_ ABSL_GUARDED_BY(mutex_);  // null once the call is done
  OpenCall* call_ ABSL_GUARDED_BY(mutex_);
  std::deque<Bytes> queue_ ABSL_GUARDED_BY(mutex_);
  bool busy_ ABSL_GUARDED_BY(mutex_) = true;  // until the handler has returned
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status end_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::function<void()>> when_done_ ABSL_GUARDED_BY(mutex_);
  Bytes current_;  // being written; used by the thread that set busy_
};

// The reactor of a subscription. Deletes itself when the call is done.
class Subscription final : public grpc::ServerWriteReactor<Bytes> {
 public:
  Subscription(CallShared& shared, Method& method, grpc::CallbackServerContext& context,
               const Bytes& request)
      : incoming_(context),
        call_(shared, method, incoming_, /*unary=*/false),
        request_bytes_(request),
        state_(std::make_shared<SubscriptionState>(*this, call_)) {
    call_.shared().streams.Add(state_);
    absl::Status taken = call_.shared().pool.Post([this] { Open(); });
    if (!taken.ok()) state_->Opened(NotTaken(taken));
  }

  void OnWriteDone(bool ok) override { state_->Written(ok); }
  void OnCancel() override { state_->Cancelled(); }
  void OnDone() override {
    call_.shared().streams.Remove(state_.get());
    state_->Detach();
    delete this;
  }

 private:
  // On the pool. The stream cannot finish before Opened.
  void Open() {
    const std::shared_ptr<SubscriptionState> state = state_;
    state->Opened(CatchExceptions([this] { return Subscribe(); }));
  }

  absl::Status Subscribe() {
    const Handler& handler = call_.method().handler;
    const std::unique_ptr<google::protobuf::Message> request(handler.request->New());
    RETURN_IF_ERROR(ReadMessage(request_bytes_, *request));
    ASSIGN_OR_RETURN(const Call call, call_.Admit(request.get()));
    EndAt(call.principal().expires);
    return std::get<SubscribeHandler>(handler.run)(call, *request, state_);
  }

  // A stream ends with its token, because later the caller has no access.
  void EndAt(absl::Time expires) {
    if (expires == absl::InfiniteFuture()) return;
    expiry_.Set(absl::ToChronoTime(expires),
                [weak = std::weak_ptr<SubscriptionState>(state_)](bool passed) {
                  const auto state = passed ? weak.lock() : nullptr;
                  if (state != nullptr) state->Finish(TokenEnded());
                });
  }

  const GrpcIncoming incoming_;
  OpenCall call_;
  const Bytes& request_bytes_;
  const std::shared_ptr<SubscriptionState> state_;
  grpc::Alarm expiry_;  // cancelled with this
};

}  // namespace

grpc::ServerWriteReactor<Bytes>* StartSubscription(CallShared& shared, Method& method,
                                                   grpc::CallbackServerContext& context,
                                                   const Bytes& request) {
  return new Subscription(shared, method, context, request);
}

}  // namespace veche::rpc
