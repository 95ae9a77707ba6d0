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
#include "common/sql/database.h"

namespace veche::service {

// What a service says of itself.
struct ServiceOptions {
  std::string name;                           // "appeals": its row, database, metrics and logs
  absl::Span<const EmbeddedFile> migrations;  // its own; those of idempotency come with them
  absl::Span<const EmbeddedFile> texts;       // its catalogue; the common one comes with it
  // Whether its database has the tables of events: it keeps an event log or follows another's.
  bool events = false;
  bool event_log = false;   // others follow it: it has a log() and serves it
  int threads = 8;          // of its worker pool; the configuration wins
  bool background = false;  // DispatcherOptions::background
};

// A service's own database, open and migrated, with what it was opened from.
struct ServiceParts {
  ServiceOptions options;
  rpc::Environment environment;
  Texts texts;
  std::unique_ptr<sql::Database> database;
};
absl::StatusOr<ServiceParts> OpenService(const rpc::Environment& environment,
                                         ServiceOptions options);

// What all services have: database, idempotency and its pruning, event log, worker pool and
// dispatcher, and the order in which all that begins and ends. A service derives from it and adds
// its stores, handlers and workers as members, in the order in which they need each other. Once
// calls have come, Stop it before it is destroyed.
class ServiceModule : public rpc::Module {
 public:
  explicit ServiceModule(ServiceParts parts);
  ~ServiceModule() override;

  // Once, before anything else: Prepare, then the dispatcher for what Services binds.
  // FailedPrecondition when others follow a service that has no event log.
  absl::Status Build();

  std::vector<grpc::Service*> services() final { return dispatcher_->services(); }
  rpc::DirectService* direct() final { return dispatcher_.get(); }
  absl::Status Start() final;
  // OK when the database answers and Check is content.
  absl::Status Ready() final;
  // Drains: no call runs any more when StopWorkers is called.
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
  // The event log of a service that this one's row `follows`, for StartFollowing. Null, with a
  // warning, where that service is neither here nor configured.
  std::unique_ptr<events::Source> LogOf(absl::string_view service);

  // What may fail before calls come: reads state, makes the parts that need it.
  virtual absl::Status Prepare() { return absl::OkStatus(); }
  // Each of its gRPC services but EventLog.
  virtual std::vector<rpc::ServiceBuilder> Services() = 0;
  // Its server answers already.
  virtual void StartWorkers() {}
  // Ends the streams of its own hubs, so that their clients read why. Runs before the dispatcher
  // ends every stream that is left.
  virtual void EndStreams() {}
  // Readiness beyond the database.
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

// Builds a module that derives from ServiceModule.
absl::StatusOr<std::unique_ptr<rpc::Module>> BuildService(std::unique_ptr<ServiceModule> module);

}  // namespace veche::service
