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

namespace veche::gateway {

// What goes with a call besides its message.
struct UpstreamOptions {
  std::string method;  // "/veche.appeals.v1.Appeals/GetAppeal"
  std::vector<std::pair<const char*, std::string>> metadata;  // printable ASCII, or named …-bin
  absl::Duration timeout;                                     // zero or less: none
};

// What a stream tells its user, on gRPC's threads, one after the other except that OnWritten may
// come beside OnMessage.
class StreamEvents {
 public:
  virtual ~StreamEvents() = default;
  // The message of a Read; points to memory that ends with the call.
  virtual void OnMessage(absl::string_view wire) = 0;
  // The Write is done; false: the stream is over.
  virtual void OnWritten(bool ok) { (void)ok; }
  // The last event.
  virtual void OnDone(const absl::Status& status) = 0;
};

// A stream in either direction. Thread-safe; everything is ignored once it is over.
class UpstreamStream : public rpc::RunningCall {
 public:
  // Asks for the next message; answered by OnMessage or OnDone.
  virtual void Read() = 0;
  // One at a time.
  virtual void Write(std::string wire) = 0;
  virtual void EndWrites() = 0;
};

// Calls the methods of one service with wire bytes, whatever their types. Thread-safe.
class Upstream {
 public:
  // Unary calls go to `direct`, the service itself, where it is in this process; else null.
  Upstream(std::shared_ptr<grpc::Channel> channel, rpc::DirectService* direct);
  ~Upstream();  // waits for its calls; cancel them first
  // Until no call runs and nothing of theirs is held.
  void WaitIdle();

  // `done` runs once, on a thread of gRPC's or the service's; `response` ends with the call of
  // `done`.
  using UnaryDone = std::function<void(const absl::Status&, absl::string_view response)>;
  std::shared_ptr<rpc::RunningCall> Unary(UpstreamOptions options, std::string request,
                                          UnaryDone done);

  // Streams read nothing until they are told to.
  std::shared_ptr<UpstreamStream> OpenServerStream(UpstreamOptions options, std::string request,
                                                   std::shared_ptr<StreamEvents> events);
  std::shared_ptr<UpstreamStream> OpenClientStream(UpstreamOptions options,
                                                   std::shared_ptr<StreamEvents> events);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace veche::gateway
