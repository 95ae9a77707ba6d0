#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/observe/telemetry.h"

namespace veche {

// The operator's port: GET /healthz (the process runs), /readyz (every module can do its work; else
// 503 and which cannot), /metrics (Prometheus' text format). Not for the public. Thread-safe.
class AdminServer {
 public:
  // The state of each module by name; called on the server's thread for each /readyz, and must not
  // take long.
  using Readiness = std::function<std::map<std::string, absl::Status>()>;

  // Listens at `address` ("127.0.0.1:8081", port 0 for any free one).
  static absl::StatusOr<std::unique_ptr<AdminServer>> Start(absl::string_view address,
                                                            Readiness readiness,
                                                            observe::Telemetry telemetry);
  virtual ~AdminServer() = default;
  virtual int port() const = 0;
};

}  // namespace veche
