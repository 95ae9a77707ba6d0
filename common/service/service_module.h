#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/embedded_file.h"
#include "common/base/texts.h"
#include "common/base/worker.h"
#include "common/events/event_log.h"
#include "common/events/remote_source.h"
#include "common/events/service.h"
#include "common/rpc/dispatcher.h"
#include "common/rpc/idempotency.h"
#include "common/rpc/module.h"
#include "common/service/schema.h"
#include "common/sql/database.h"

namespace veche::service {

// The options of a service.
struct ServiceOptions {
  std::string name;    // "appeals": names its row, database, metrics and logs
  Schema schema = {};  // of its database
  absl::Span<const EmbeddedFile> texts = {};  // its catalogue; CommonTexts() are added
  bool event_log = false;     // has a log() that other services follow; needs Schema::events
  int threads = 8;            // of the worker pool; the configuration overrides it
  bool background = false;    // DispatcherOptions::background
  std::string audience = {};  // DispatcherOptions::audience
};

// A service's database, open and migrated, with the options and the environment of the service.
struct ServiceParts {
  ServiceOptions options;
  rpc::Environment environment;
  Texts texts;
  std::unique_ptr<sql::Database> database;
};
absl::StatusOr<ServiceParts> OpenService(const rpc::Environment& environment,
                                         ServiceOptions options);

// The parts that all services have: database, idempotency and its pruning, event log, worker pool
// and dispatcher, and their order of start and stop. A service derives from this class and adds its
// stores, handlers and workers as members, each after the members that it uses. After the first
// call, Stop must run before destruction.
class ServiceModule : public rpc::Module {
 public:
  explicit ServiceModule(ServiceParts parts);
  ~ServiceModule() override;

  // Calls Prepare, then makes the dispatcher for the result of Services. Call it once, before any
  // other method. FailedPrecondition when a row of the module table follows this service and it has
  // no event log.
  absl::Status Build();

  std::vector<grpc::Service*> services() final { return dispatcher_->services(); }
  rpc::DirectService* direct() final { return dispatcher_.get(); }
  absl::Status Start() final;
  // OK when the database answers and Check returns OK.
  absl::Status Ready() final;
  void CloseStreams() final;
  // Waits for running calls, then calls StopWorkers.
  void Stop() final;

 protected:
  const rpc::Environment& environment() const { return environment_; }
  observe::Telemetry& telemetry() { return telemetry_; }
  const Clock& clock() const { return environment_.clock; }
  IdSource& ids() const { return environment_.ids; }
  const Texts& texts() const { return texts_; }
  sql::Database& database() { return *database_; }
  // REQUIRES: ServiceOptions::event_log.
  events::EventLog& log() { return *log_; }
  // The event log of a service that this service's row `follows`, for use in StartFollowing. Null,
  // with a warning in the log, when that service is neither in this process nor configured.
  std::unique_ptr<events::Source> LogOf(absl::string_view service);

  // Start-up work that may fail: reads state and makes the parts that need it. No call runs yet.
  virtual absl::Status Prepare() { return absl::OkStatus(); }
  // The service's gRPC services, except EventLog.
  virtual std::vector<rpc::ServiceBuilder> Services() = 0;
  // Called when the service's server answers calls.
  virtual void StartWorkers() {}
  // Ends the streams of the service's own hubs, so that their clients read why. Called before the
  // dispatcher ends all other streams; may be called twice.
  virtual void EndStreams() {}
  // Readiness checks besides the database.
  virtual absl::Status Check() { return absl::OkStatus(); }
  virtual void StopWorkers() {}

 private:
  const ServiceOptions options_;
  const rpc::Environment environment_;
  observe::Telemetry telemetry_;
  const Texts texts_;
  const std::unique_ptr<sql::Database> database_;
  rpc::Idempotency idempotency_;
  Worker pruning_;
  std::optional<events::EventLog> log_;
  std::optional<events::FollowHub> followers_;
  std::unique_ptr<rpc::Dispatcher> dispatcher_;
};

// Calls Build; returns the module, or the error of Build.
absl::StatusOr<std::unique_ptr<rpc::Module>> BuildService(std::unique_ptr<ServiceModule> module);

}  // namespace veche::service
