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
};

}  // namespace veche::rpc
