#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/direct.h"

namespace grpc {
class Channel;
}
namespace prometheus {
class Counter;
}

namespace veche::gateway {

// When a unary call is made once more because its replica is gone.
enum class Repeat {
  kNever,
  kIfCancelled,  // gRPC itself repeats it when the service is unavailable (rpc::ServiceConfig)
  kIfGone,       // cancelled or unavailable: the call has an Idempotency-Key
};

// Method, metadata and timeout of a call.
struct UpstreamOptions {
  std::string method;  // "/veche.appeals.v1.Appeals/GetAppeal"
  std::vector<std::pair<const char*, std::string>> metadata;  // printable ASCII, or named …-bin
  absl::Duration timeout;                                     // zero or less: none
  Repeat repeat = Repeat::kNever;                             // of a unary call to another process
  bool hedged = false;  // whether the call may be made twice at once: a read
};

// A hedged call that has no answer after a time is made of another replica too, and the first
// answer counts.
struct Hedging {
  absl::Duration after;  // zero: calls are not hedged
  prometheus::Counter* count = nullptr;
};

// Receives the events of a stream on threads of gRPC or of the service, one at a time, except that
// OnWritten and OnMessage may run concurrently.
class StreamEvents : public rpc::StreamReceiver {
 public:
  // The Write is done; `ok` is false when the stream is over.
  virtual void OnWritten(bool ok) { (void)ok; }
};

// A stream in either direction. Thread-safe; all calls are ignored once the stream is over.
class UpstreamStream : public rpc::RunningStream {
 public:
  // Sends a message. Only one Write at a time: wait for OnWritten.
  virtual void Write(std::string wire) = 0;
  virtual void EndWrites() = 0;
};

// Calls the methods of one service with serialised messages of any type. Thread-safe.
class Upstream {
 public:
  // If `direct` is not null, unary calls and subscriptions go to it: the service itself, in this
  // process, and are not hedged.
  Upstream(std::shared_ptr<grpc::Channel> channel, rpc::DirectService* direct,
           Hedging hedging = {});
  ~Upstream();  // waits for running calls; cancel them first
  // Waits until no call runs and the objects of all calls are destroyed.
  void WaitIdle();

  // `done` runs once, on a thread of gRPC or of the service; `response` is valid only during the
  // call.
  // A call that a stopping replica has cancelled is repeated as `options` allow, in the time that
  // is left and while the service's budget of repeats lasts; else it is Unavailable. The same
  // budget bounds how many calls are hedged.
  using UnaryDone = std::function<void(const absl::Status&, absl::string_view response)>;
  std::shared_ptr<rpc::RunningCall> Unary(UpstreamOptions options, std::string request,
                                          UnaryDone done);

  // A stream reads nothing before UpstreamStream::Read.
  std::shared_ptr<rpc::RunningStream> OpenServerStream(UpstreamOptions options, std::string request,
                                                       std::shared_ptr<StreamEvents> events);
  std::shared_ptr<UpstreamStream> OpenClientStream(const UpstreamOptions& options,
                                                   std::shared_ptr<StreamEvents> events);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace veche::gateway
