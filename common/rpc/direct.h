#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace veche::rpc {

// A call in progress. Cancel is thread-safe, and does nothing once the call is over.
class RunningCall {
 public:
  virtual ~RunningCall() = default;
  virtual void Cancel() = 0;
};

// Receives a stream, one call at a time, on threads of the service or of whoever calls Read and
// Cancel. Must not block.
class StreamReceiver {
 public:
  virtual ~StreamReceiver() = default;
  // The serialised message of a Read; the memory is valid only during the call.
  virtual void OnMessage(absl::string_view wire) = 0;
  // The last call.
  virtual void OnDone(const absl::Status& status) = 0;
};

// A stream of messages that are received one by one. Thread-safe; all calls are ignored once the
// stream is over.
class RunningStream : public RunningCall {
 public:
  // Requests the next message; OnMessage or OnDone follows, perhaps before Read returns.
  virtual void Read() = 0;
};

// Calls a service of this process with serialised messages, without gRPC's transport: the same
// checks, handlers and pool at a third of the cost. Only for trusted callers in this process.
// Thread-safe.
class DirectService {
 public:
  struct Options {
    std::vector<std::pair<const char*, std::string>> metadata;  // names in lower case
    absl::Time deadline = absl::InfiniteFuture();
  };
  // `response` is the serialised answer; the memory is valid only during the call.
  using Done = std::function<void(const absl::Status&, absl::string_view response)>;

  virtual ~DirectService() = default;

  // Whether the service has the unary method, such as "/veche.appeals.v1.Appeals/GetAppeal".
  virtual bool Has(absl::string_view method) const = 0;
  // Calls a method. `done` runs once: on a thread of the service's pool, or before Unary returns
  // when the call is refused. After Cancel the handler sees Call::cancelled, and `done` runs when
  // the handler returns. REQUIRES: Has(method).
  virtual std::shared_ptr<RunningCall> Unary(absl::string_view method, Options options,
                                             std::string request, Done done) = 0;

  // Whether the service has the method, and it is a subscription (StreamWriter).
  virtual bool HasSubscription(absl::string_view method) const = 0;
  // Opens a subscription, which keeps itself and `receiver` alive until OnDone, and takes a third
  // of the memory of one through gRPC. OnDone may run before Subscribe returns. Cancel it or end
  // the service before `receiver` depends on what is gone. REQUIRES: HasSubscription(method).
  virtual std::shared_ptr<RunningStream> Subscribe(absl::string_view method, Options options,
                                                   std::string request,
                                                   std::shared_ptr<StreamReceiver> receiver) = 0;
};

}  // namespace veche::rpc
