#include "services/gateway/calls/upstream.h"

#include <grpcpp/alarm.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <prometheus/counter.h>

#include <atomic>
#include <optional>

#include "absl/synchronization/mutex.h"
#include "common/rpc/direct.h"
#include "common/rpc/status.h"
#include "services/gateway/domain/repeat_budget.h"

namespace veche::gateway {
namespace {

grpc::ByteBuffer ToBuffer(std::string wire) {
  auto* owned = new std::string(std::move(wire));
  const grpc::Slice slice(
      owned->data(), owned->size(), [](void* text) { delete static_cast<std::string*>(text); },
      owned);
  return grpc::ByteBuffer(&slice, 1);
}

// The bytes of a buffer as one string, usually without a copy.
class Flat {
 public:
  explicit Flat(const grpc::ByteBuffer& buffer) {
    if (buffer.Valid() && !buffer.TrySingleSlice(&slice_).ok()) buffer.DumpToSingleSlice(&slice_);
  }
  absl::string_view view() const {
    return {reinterpret_cast<const char*>(slice_.begin()), slice_.size()};
  }

 private:
  grpc::Slice slice_;
};

absl::Time DeadlineOf(const UpstreamOptions& options) {
  return options.timeout > absl::ZeroDuration() ? absl::Now() + options.timeout
                                                : absl::InfiniteFuture();
}

void Prepare(grpc::ClientContext& context, const UpstreamOptions& options, absl::Time deadline) {
  for (const auto& [name, value] : options.metadata) context.AddMetadata(name, value);
  if (deadline != absl::InfiniteFuture()) context.set_deadline(absl::ToChronoTime(deadline));
}

}  // namespace

struct Upstream::State {
  State(std::shared_ptr<grpc::Channel> channel, rpc::DirectService* direct, Hedging hedging)
      : stub(std::move(channel)), direct(direct), hedging(hedging) {}

  void Begin() {
    absl::MutexLock lock(&mutex);
    ++calls;
  }
  void End() {
    absl::MutexLock lock(&mutex);
    --calls;
  }
  void WaitIdle() {
    absl::MutexLock lock(&mutex);
    mutex.Await(absl::Condition(
        +[](int* calls) { return *calls == 0; }, &calls));
  }

  grpc::GenericStub stub;
  rpc::DirectService* const direct;  // may be null
  const Hedging hedging;
  RepeatBudget repeats;
  absl::Mutex mutex;
  int calls ABSL_GUARDED_BY(mutex) = 0;
};

namespace {

// A unary call to another process, with its repeat and its hedge. Each attempt, and the timer, is
// counted among the running calls.
template <typename State>
class UnaryCall final : public rpc::RunningCall,
                        public std::enable_shared_from_this<UnaryCall<State>> {
 public:
  UnaryCall(std::shared_ptr<State> state, UpstreamOptions options, std::string request,
            Upstream::UnaryDone done)
      : state_(std::move(state)),
        options_(std::move(options)),
        deadline_(DeadlineOf(options_)),
        request_(ToBuffer(std::move(request))),
        repeat_(options_.repeat),
        done_(std::move(done)) {}

  void Start() {
    if (options_.hedged && state_->hedging.after > absl::ZeroDuration()) {
      state_->Begin();
      // The timer keeps its function, so the function must not own the call that owns the timer.
      timer_.emplace().Set(absl::ToChronoTime(absl::Now() + state_->hedging.after),
                           [weak = this->weak_from_this(), state = state_](bool due) {
                             const auto self = due ? weak.lock() : nullptr;
                             if (self != nullptr) self->Hedge();
                             state->End();
                           });
    }
    Try();
  }

  void Cancel() override {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
    for (const auto& attempt : running_) attempt->context.TryCancel();
  }

 private:
  struct Attempt {
    grpc::ClientContext context;
    grpc::ByteBuffer response;
  };

  void Try() {
    const auto attempt = std::make_shared<Attempt>();
    Prepare(attempt->context, options_, deadline_);
    state_->Begin();
    {
      absl::MutexLock lock(&mutex_);
      running_.push_back(attempt);
      if (cancelled_) attempt->context.TryCancel();
    }
    state_->stub.UnaryCall(&attempt->context, options_.method, {}, &request_, &attempt->response,
                           [self = this->shared_from_this(), attempt](const grpc::Status& status) {
                             self->OnDone(*attempt, rpc::FromGrpc(status));
                             self->state_->End();
                           });
  }

  void Hedge() {
    {
      absl::MutexLock lock(&mutex_);
      if (done_ == nullptr || cancelled_ || !state_->repeats.Take()) return;
      repeat_ = Repeat::kNever;
    }
    state_->hedging.count->Increment();
    Try();
  }

  void OnDone(Attempt& attempt, absl::Status status) {
    Upstream::UnaryDone done;
    {
      absl::MutexLock lock(&mutex_);
      std::erase_if(running_, [&](const auto& one) { return one.get() == &attempt; });
      if (done_ == nullptr) return;  // another attempt was first
      // A replica that stops cancels what reaches it last.
      const bool by_replica = absl::IsCancelled(status) && !cancelled_;
      const bool gone = by_replica || absl::IsUnavailable(status);
      if (gone && !running_.empty()) return;  // another attempt may have an answer
      if (!MayRepeat(by_replica, gone)) {
        done = std::exchange(done_, nullptr);
        for (const auto& other : running_) other->context.TryCancel();
      }
      if (by_replica) status = absl::UnavailableError("");
    }
    if (done == nullptr) return Try();
    if (timer_) timer_->Cancel();
    if (status.ok()) state_->repeats.Succeeded();
    done(status, Flat(attempt.response).view());
  }

  bool MayRepeat(bool by_replica, bool gone) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const Repeat repeat = std::exchange(repeat_, Repeat::kNever);
    const bool repeatable =
        (by_replica && repeat != Repeat::kNever) || (gone && repeat == Repeat::kIfGone);
    return repeatable && absl::Now() < deadline_ && state_->repeats.Take();
  }

  const std::shared_ptr<State> state_;
  const UpstreamOptions options_;
  const absl::Time deadline_;
  grpc::ByteBuffer request_;
  std::optional<grpc::Alarm> timer_;  // of a call that is hedged
  absl::Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  Repeat repeat_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<Attempt>> running_ ABSL_GUARDED_BY(mutex_);
  Upstream::UnaryDone done_ ABSL_GUARDED_BY(mutex_);  // null once there is an answer
};

// The reactor of a stream. gRPC calls OnDone when no operation runs and no hold exists. So
// operations from other threads are counted as users of the stream, and the last user removes the
// hold.
template <typename State>
class Stream final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                     public UpstreamStream {
 public:
  Stream(std::shared_ptr<State> state, std::shared_ptr<StreamEvents> events)
      : state_(std::move(state)), events_(std::move(events)) {}

  void Begin(const UpstreamOptions& options, std::shared_ptr<Stream> self) {
    self_ = std::move(self);
    Prepare(context_, options, DeadlineOf(options));
    state_->Begin();
    state_->stub.PrepareBidiStreamingCall(&context_, options.method, {}, this);
    AddHold();
  }
  void BeginWith(std::string request) {
    out_ = ToBuffer(std::move(request));
    only_request_ = true;
    StartWriteLast(&out_, grpc::WriteOptions());
  }

  void Read() override {
    if (reading_.exchange(true)) return;
    if (!Enter()) return;
    StartRead(&in_);
    Leave();
  }
  void Write(std::string wire) override {
    if (!Enter()) return;
    out_ = ToBuffer(std::move(wire));
    StartWrite(&out_);
    Leave();
  }
  void EndWrites() override {
    if (!Enter()) return;
    StartWritesDone();
    Leave();
  }
  void Cancel() override {
    if (!Enter()) return;
    cancelled_ = true;
    context_.TryCancel();
    Leave();
    Read();  // to be told of the end
  }

 private:
  bool Enter() {
    int users = users_.load();
    while (users > 0) {
      if (users_.compare_exchange_weak(users, users + 1)) return true;
    }
    return false;
  }
  void Leave() {
    if (users_.fetch_sub(1) == 1) RemoveHold();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Leave();  // reading_ stays true: no further read starts
    reading_ = false;
    if (cancelled_) return Read();
    events_->OnMessage(Flat(in_).view());
  }
  void OnWriteDone(bool ok) override {
    if (!only_request_) events_->OnWritten(ok);
  }
  void OnDone(const grpc::Status& status) override {
    events_->OnDone(rpc::FromGrpc(status));
    events_ = nullptr;
    const auto state = state_;
    self_ = nullptr;  // may delete this object
    state->End();
  }

  std::shared_ptr<State> state_;
  std::shared_ptr<StreamEvents> events_;
  std::shared_ptr<Stream> self_;  // until OnDone
  grpc::ClientContext context_;
  grpc::ByteBuffer in_;
  grpc::ByteBuffer out_;
  bool only_request_ = false;
  std::atomic<int> users_{1};  // the reading counts as one until it fails
  std::atomic<bool> reading_{false};
  std::atomic<bool> cancelled_{false};
};

// Passes the events of a direct stream on, and counts it among the running calls.
template <typename State>
class DirectReceiver final : public rpc::StreamReceiver {
 public:
  DirectReceiver(std::shared_ptr<State> state, std::shared_ptr<StreamEvents> events)
      : state_(std::move(state)), events_(std::move(events)) {
    state_->Begin();
  }
  ~DirectReceiver() override {
    events_ = nullptr;  // what it owns must be destroyed before WaitIdle returns
    state_->End();
  }
  void OnMessage(absl::string_view wire) override { events_->OnMessage(wire); }
  void OnDone(const absl::Status& status) override { events_->OnDone(status); }

 private:
  const std::shared_ptr<State> state_;
  std::shared_ptr<StreamEvents> events_;
};

}  // namespace

Upstream::Upstream(std::shared_ptr<grpc::Channel> channel, rpc::DirectService* direct,
                   Hedging hedging)
    : state_(std::make_shared<State>(std::move(channel), direct, hedging)) {}

Upstream::~Upstream() { WaitIdle(); }

void Upstream::WaitIdle() { state_->WaitIdle(); }

std::shared_ptr<rpc::RunningCall> Upstream::Unary(UpstreamOptions options, std::string request,
                                                  UnaryDone done) {
  if (state_->direct != nullptr && state_->direct->Has(options.method)) {
    state_->Begin();
    const absl::Time deadline = DeadlineOf(options);
    return state_->direct->Unary(
        options.method, {std::move(options.metadata), deadline}, std::move(request),
        [done = std::move(done), state = state_](const absl::Status& status,
                                                 absl::string_view response) mutable {
          std::exchange(done, nullptr)(status, response);
          state->End();
        });
  }
  auto call = std::make_shared<UnaryCall<State>>(state_, std::move(options), std::move(request),
                                                 std::move(done));
  call->Start();
  return call;
}

std::shared_ptr<rpc::RunningStream> Upstream::OpenServerStream(
    UpstreamOptions options, std::string request, std::shared_ptr<StreamEvents> events) {
  if (state_->direct != nullptr && state_->direct->HasSubscription(options.method)) {
    const absl::Time deadline = DeadlineOf(options);
    return state_->direct->Subscribe(
        options.method, {std::move(options.metadata), deadline}, std::move(request),
        std::make_shared<DirectReceiver<State>>(state_, std::move(events)));
  }
  auto stream = std::make_shared<Stream<State>>(state_, std::move(events));
  stream->Begin(options, stream);
  stream->BeginWith(std::move(request));
  stream->StartCall();
  return stream;
}

std::shared_ptr<UpstreamStream> Upstream::OpenClientStream(const UpstreamOptions& options,
                                                           std::shared_ptr<StreamEvents> events) {
  auto stream = std::make_shared<Stream<State>>(state_, std::move(events));
  stream->Begin(options, stream);
  stream->StartCall();
  return stream;
}

}  // namespace veche::gateway
