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

// A call on its way. Cancel is thread-safe, and does nothing once it is over.
class RunningCall {
 public:
  virtual ~RunningCall() = default;
  virtual void Cancel() = 0;
};

// A service of this process called with wire bytes, without gRPC's transport between: the same
// checks, handlers and pool, a third of the cost. For trusted callers within the process.
// Thread-safe.
class DirectService {
 public:
  struct Options {
    std::vector<std::pair<const char*, std::string>> metadata;  // names in lower case
    absl::Time deadline = absl::InfiniteFuture();
  };
  // The answer on the wire; ends with the call of `Done`.
  using Done = std::function<void(const absl::Status&, absl::string_view response)>;

  virtual ~DirectService() = default;

  // Whether it has the unary method "/veche.appeals.v1.Appeals/GetAppeal".
  virtual bool Has(absl::string_view method) const = 0;
  // Calls a method that it has. `done` runs once: on a thread of the service's pool, or before this
  // returns when the call is refused. Cancelling tells the handler, which still ends the call.
  virtual std::shared_ptr<RunningCall> Unary(absl::string_view method, Options options,
                                             std::string request, Done done) = 0;
};

}  // namespace veche::rpc
