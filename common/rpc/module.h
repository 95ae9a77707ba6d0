#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/token.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/observe/telemetry.h"
#include "common/rpc/callers.h"
#include "common/rpc/channels.h"
#include "common/sql/database.h"
#include "veche/config/v1/config.pb.h"

namespace grpc {
class Service;
}  // namespace grpc

namespace veche::rpc {

// What `storage` says about a service: its own settings, else those of all services, else the
// defaults.
config::v1::ServiceStorage StorageOf(const config::v1::Storage& storage, absl::string_view service);

// Opens the service's own database (SQLite file "<service>.db" in data_dir, or PostgreSQL schema),
// checks its durability (sql::CheckDurability) and migrates it.
absl::StatusOr<std::unique_ptr<sql::Database>> OpenMigrated(
    const config::v1::Config& config, const std::filesystem::path& data_dir,
    absl::string_view service, absl::Span<const absl::Span<const EmbeddedFile>> migrations);

// The dependencies that the process gives to every module. All of them outlive the modules.
struct Environment {
  const config::v1::Config& config;
  std::filesystem::path data_dir;
  Channels& channels;
  auth::TokenVerifier& verifier;
  const Clock& clock;
  IdSource& ids;
  observe::Telemetry telemetry;  // the logger names the module

  // From the module table.
  struct PublicService {
    std::string module;     // "appeals"
    std::string full_name;  // "veche.appeals.v1.Appeals"
  };
  std::vector<PublicService> public_services = {};  // behind the gateway
  Callers callers = {};                             // who may call this module

  // The file of a key that all replicas of the service share, "identity.key".
  std::filesystem::path KeyFile(absl::string_view name) const;

  // OpenMigrated, with metrics.
  absl::StatusOr<std::unique_ptr<sql::Database>> OpenDatabase(
      absl::string_view service,
      const std::vector<absl::Span<const EmbeddedFile>>& migrations) const;
};

// One service in this process. Modules are built and started in the order of their dependencies,
// and stopped in reverse. One thread calls these methods, except Ready, which any thread may call.
class Module {
 public:
  virtual ~Module() = default;
  // The gRPC services of the module, which owns them; none for the gateway.
  virtual std::vector<grpc::Service*> services() { return {}; }
  // The same services for callers in this process; the module owns it. Null if the module has none.
  virtual DirectService* direct() { return nullptr; }
  // Starts the workers. The module's server answers calls already.
  virtual absl::Status Start() { return absl::OkStatus(); }
  // Called when every service of this process answers: starts, in the background, to follow the
  // event logs of other services, also of those later in the order. No call waits for this work, so
  // calls between services still have no cycle.
  virtual void StartFollowing() {}
  // OK when the module can do its work now.
  virtual absl::Status Ready() { return absl::OkStatus(); }
  // The public HTTP address ("127.0.0.1:8080") after Start; "" for services behind the gateway.
  virtual std::string address() const { return ""; }
  // The process will stop soon: clients shall go elsewhere, but calls are still served.
  virtual void Leave() {}
  // Ends the open streams and refuses new ones, so that clients resume elsewhere. Other calls are
  // still served.
  virtual void CloseStreams() {}
  // Ends streams and workers, and waits for running calls. Afterwards no call reaches the module.
  virtual void Stop() {}
};

// How long running calls may take when the process is told to stop.
absl::Duration PatienceOf(const config::v1::Config& config);

using ModuleFactory = absl::StatusOr<std::unique_ptr<Module>> (*)(const Environment&);

}  // namespace veche::rpc
