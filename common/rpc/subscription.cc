#include "common/rpc/subscription.h"

#include <grpcpp/alarm.h>

#include <optional>
#include <utility>

#include "common/base/status_macros.h"

namespace veche::rpc {
namespace {

constexpr size_t kSubscriptionQueue = 64;

}  // namespace

bool SubscriptionState::Write(const google::protobuf::Message& message) {
  std::string wire;
  if (!message.SerializeToString(&wire)) {
    Finish(absl::InternalError("a message cannot be serialised"));
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
    queue_.push_back(std::move(wire));
  }
  Advance();
  return true;
}

void SubscriptionState::Finish(absl::Status status) {
  EndWith(std::move(status), /*drop_queue=*/false);
}

void SubscriptionState::OnDone(std::function<void()> done) {
  {
    absl::MutexLock lock(&mutex_);
    if (transport_ != nullptr) {
      when_done_.push_back(std::move(done));
      return;
    }
  }
  done();
}

void SubscriptionState::Opened(absl::Status status) {
  if (!status.ok()) EndWith(std::move(status), /*drop_queue=*/true);
  SubscriptionTransport* announced = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    if (queue_.empty() && !ending_) announced = transport_;
  }
  if (announced != nullptr) announced->Announce();
  Release();
}

void SubscriptionState::Written(bool ok) {
  if (!ok) Cancelled();
  Release();
}

void SubscriptionState::Cancelled() {
  EndWith(absl::CancelledError("the client left"), /*drop_queue=*/true);
}

void SubscriptionState::Detach() {
  std::vector<std::function<void()>> when_done;
  {
    absl::MutexLock lock(&mutex_);
    transport_ = nullptr;
    call_ = nullptr;
    ending_ = true;
    queue_.clear();
    when_done.swap(when_done_);
  }
  for (auto& done : when_done) done();
}

void SubscriptionState::EndWith(absl::Status status, bool drop_queue) {
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

void SubscriptionState::Release() {
  {
    absl::MutexLock lock(&mutex_);
    busy_ = false;
  }
  Advance();
}

void SubscriptionState::Advance() {
  SubscriptionTransport* transport;
  OpenCall* call;
  std::string wire;
  std::optional<absl::Status> end;
  {
    absl::MutexLock lock(&mutex_);
    if (busy_ || transport_ == nullptr || (queue_.empty() && !ending_)) return;
    busy_ = true;  // stays true after Finish
    transport = transport_;
    call = call_;
    if (queue_.empty()) {
      end = end_;
    } else {
      wire = std::move(queue_.front());
      queue_.pop_front();
    }
  }
  if (end) {
    transport->Finish(call->Close(*std::move(end)));
  } else {
    transport->Send(std::move(wire));
  }
}

struct SubscriptionCall::Expiry {
  grpc::Alarm alarm;  // cancelled with this
};

SubscriptionCall::SubscriptionCall(CallShared& shared, Method& method, const Incoming& incoming,
                                   SubscriptionTransport& transport)
    : call_(shared, method, incoming, /*unary=*/false),
      state_(std::make_shared<SubscriptionState>(transport, call_)) {
  shared.streams.Add(state_);
}

SubscriptionCall::~SubscriptionCall() = default;

void SubscriptionCall::Start(std::function<absl::Status(google::protobuf::Message&)> read) {
  read_ = std::move(read);
  absl::Status taken = call_.shared().pool.Post([this] {
    // The stream cannot finish before Opened, but then this object may be destroyed.
    const std::shared_ptr<SubscriptionState> state = state_;
    state->Opened(CatchExceptions([this] { return Subscribe(); }));
  });
  if (!taken.ok()) state_->Opened(NotTaken(taken));
}

void SubscriptionCall::Done() {
  call_.shared().streams.Remove(state_.get());
  state_->Detach();
}

absl::Status SubscriptionCall::Subscribe() {
  const Handler& handler = call_.method().handler;
  const std::unique_ptr<google::protobuf::Message> request(handler.request->New());
  RETURN_IF_ERROR(std::exchange(read_, nullptr)(*request));
  ASSIGN_OR_RETURN(const Call call, call_.Admit(request.get()));
  EndAt(call.principal().expires);
  call_.shared().streams.SetSession(state_.get(), call.principal().session);
  // The session may have ended in between.
  if (call_.shared().verifier.ended_sessions().Contains(call.principal().session)) {
    return TokenEnded();
  }
  return std::get<SubscribeHandler>(handler.run)(call, *request, state_);
}

// A stream ends with its token, because later the caller has no access.
void SubscriptionCall::EndAt(absl::Time expires) {
  if (expires == absl::InfiniteFuture()) return;
  expiry_ = std::make_unique<Expiry>();
  expiry_->alarm.Set(absl::ToChronoTime(expires),
                     [weak = std::weak_ptr<SubscriptionState>(state_)](bool passed) {
                       const auto state = passed ? weak.lock() : nullptr;
                       if (state != nullptr) state->Finish(TokenEnded());
                     });
}

}  // namespace veche::rpc
