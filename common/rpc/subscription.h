#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/rpc/open_call.h"

// A server stream to which other threads write, through gRPC or direct. Private to rpc.

namespace veche::rpc {

// Carries the messages of a subscription to its client. At most one operation is in progress, and
// none follows Finish.
class SubscriptionTransport {
 public:
  virtual ~SubscriptionTransport() = default;
  // Tells the client that it is subscribed.
  virtual void Announce() = 0;
  // Sends a serialised message; SubscriptionState::Written follows, perhaps before Send returns.
  virtual void Send(std::string wire) = 0;
  // Ends the stream; SubscriptionState::Detach follows, perhaps before Finish returns.
  virtual void Finish(absl::Status status) = 0;
};

// The part of a subscription that a hub may keep after the call; it has pointers to the transport
// and the call only until the call is done. Only the thread that set `busy_` starts the next
// operation of the transport, which is never called under the lock.
class SubscriptionState final : public MessageWriter, public OpenStream {
 public:
  // Both must live until Detach.
  SubscriptionState(SubscriptionTransport& transport, OpenCall& call)
      : transport_(&transport), call_(&call) {}

  bool Write(const google::protobuf::Message& message) override;
  void Finish(absl::Status status) override;
  void End(absl::Status status) override { Finish(std::move(status)); }
  void OnDone(std::function<void()> done) override;

  // The handler has returned: its messages may be sent.
  void Opened(absl::Status status);
  // A Send has ended; false: the client has left.
  void Written(bool ok);
  void Cancelled();
  // The call is done; transport and call will be destroyed.
  void Detach();

 private:
  void EndWith(absl::Status status, bool drop_queue);
  void Release();
  // Starts the next operation, unless one is in progress. After Finish the transport, and perhaps
  // this object, may be destroyed.
  void Advance();

  absl::Mutex mutex_;
  SubscriptionTransport* transport_ ABSL_GUARDED_BY(mutex_);  // null once the call is done
  OpenCall* call_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::string> queue_ ABSL_GUARDED_BY(mutex_);
  bool busy_ ABSL_GUARDED_BY(mutex_) = true;  // until the handler has returned
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status end_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::function<void()>> when_done_ ABSL_GUARDED_BY(mutex_);
};

// The call of a subscription with its state, whatever the transport. The owner destroys it after
// Detach.
class SubscriptionCall {
 public:
  // `incoming` and `transport` must outlive the object.
  SubscriptionCall(CallShared& shared, Method& method, const Incoming& incoming,
                   SubscriptionTransport& transport);
  ~SubscriptionCall();

  // Runs the handler on the worker pool. `read` fills the request; it runs on the pool.
  void Start(std::function<absl::Status(google::protobuf::Message& request)> read);
  SubscriptionState& state() { return *state_; }
  // To be called when the transport has finished.
  void Done();

 private:
  struct Expiry;

  absl::Status Subscribe();
  void EndAt(absl::Time expires);

  OpenCall call_;
  const std::shared_ptr<SubscriptionState> state_;
  std::function<absl::Status(google::protobuf::Message& request)> read_;
  std::unique_ptr<Expiry> expiry_;  // null for a caller without a token
};

}  // namespace veche::rpc
