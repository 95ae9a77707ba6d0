#pragma once

#include <grpcpp/alarm.h>

#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "common/rpc/open_call.h"
#include "common/rpc/status.h"
#include "common/rpc/stream.h"

// A server stream fed from outside. Private to the dispatcher.

namespace veche::rpc {

constexpr size_t kSubscriptionQueue = 64;

// The part of a subscription that a hub may keep after the call: it knows the reactor only until
// the call is done. At most one of StartWrite and Finish is under way, and whoever set `busy_` is
// the only one to start the next; gRPC is never called under the lock.
template <typename Response>
class SubscriptionState final : public StreamWriter<Response>, public OpenStream {
 public:
  SubscriptionState(grpc::ServerWriteReactor<Response>& reactor, OpenCall& call)
      : reactor_(&reactor), call_(&call) {}

  bool Write(Response message) override {
    {
      absl::MutexLock lock(&mutex_);
      if (ending_) return false;
      if (queue_.size() >= kSubscriptionQueue) {
        ending_ = true;  // what is queued still goes out, so that a slow client gets on
        end_ = SlowClient();
        return false;
      }
      queue_.push_back(std::move(message));
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

  // The handler has returned: what it wrote may go out. The initial metadata tell the client that
  // the subscription stands.
  void Opened(absl::Status status) {
    if (!status.ok()) EndWith(std::move(status), /*drop_queue=*/true);
    grpc::ServerWriteReactor<Response>* announced = nullptr;
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

  // The call is done and its reactor about to go.
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

  // Starts what comes next, unless something is under way. After Finish the reactor, and with it
  // perhaps this, may be gone.
  void Advance() {
    grpc::ServerWriteReactor<Response>* reactor;
    OpenCall* call;
    std::optional<absl::Status> end;
    {
      absl::MutexLock lock(&mutex_);
      if (busy_ || reactor_ == nullptr || (queue_.empty() && !ending_)) return;
      busy_ = true;  // for ever when the stream is finished now
      reactor = reactor_;
      call = call_;
      if (queue_.empty()) {
        end = end_;
      } else {
        current_ = std::move(queue_.front());
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
  grpc::ServerWriteReactor<Response>* reactor_ ABSL_GUARDED_BY(mutex_);  // null when it is done
  OpenCall* call_ ABSL_GUARDED_BY(mutex_);
  std::deque<Response> queue_ ABSL_GUARDED_BY(mutex_);
  bool busy_ ABSL_GUARDED_BY(mutex_) = true;  // until the handler has returned
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status end_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::function<void()>> when_done_ ABSL_GUARDED_BY(mutex_);
  Response current_;  // being written; belongs to who set busy_
};

// The reactor of a subscription. Deletes itself when the call is done.
template <typename Handlers, typename Request, typename Response>
class Subscription final : public grpc::ServerWriteReactor<Response> {
 public:
  using Handler = absl::Status (Handlers::*)(const Call&, const Request&,
                                             std::shared_ptr<StreamWriter<Response>>);

  Subscription(CallShared& shared, Method& method, grpc::CallbackServerContext& context,
               const Request& request, Handlers& handlers, Handler handler)
      : incoming_(context),
        call_(shared, method, incoming_, /*unary=*/false),
        request_(request),
        handlers_(handlers),
        handler_(handler),
        state_(std::make_shared<SubscriptionState<Response>>(*this, call_)) {
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
    const std::shared_ptr<SubscriptionState<Response>> state = state_;
    state->Opened(CatchExceptions([this] { return Subscribe(); }));
  }

  absl::Status Subscribe() {
    absl::StatusOr<Call> call = call_.Admit(&request_);
    if (!call.ok()) return call.status();
    EndAt(call->principal().expires);
    return (handlers_.*handler_)(*call, request_, state_);
  }

  // A stream sees what its token may see, and so no longer than the token may.
  void EndAt(absl::Time expires) {
    if (expires == absl::InfiniteFuture()) return;
    expiry_.Set(absl::ToChronoTime(expires),
                [weak = std::weak_ptr<SubscriptionState<Response>>(state_)](bool passed) {
                  const auto state = passed ? weak.lock() : nullptr;
                  if (state != nullptr) state->Finish(TokenEnded());
                });
  }

  const GrpcIncoming incoming_;
  OpenCall call_;
  const Request& request_;
  Handlers& handlers_;
  const Handler handler_;
  const std::shared_ptr<SubscriptionState<Response>> state_;
  grpc::Alarm expiry_;  // cancelled with this
};

}  // namespace veche::rpc
