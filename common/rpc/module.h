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

// What the process lends to every module. All of it outlives the modules.
struct Environment {
  const config::v1::Config& config;
  std::filesystem::path data_dir;
  Channels& channels;
  auth::TokenVerifier& verifier;
  const Clock& clock;
  IdSource& ids;
  observe::Telemetry telemetry;  // the logger names the module

  // What the module table says.
  struct PublicService {
    std::string module;     // "appeals"
    std::string full_name;  // "veche.appeals.v1.Appeals"
  };
  std::vector<PublicService> public_services = {};  // behind the gateway
  Callers callers = {};                             // of the module

  // Opens the module's own database (SQLite file "<service>.db" in data_dir, or PostgreSQL schema)
  // and migrates it.
  absl::StatusOr<std::unique_ptr<sql::Database>> OpenDatabase(
      absl::string_view service, std::vector<absl::Span<const EmbeddedFile>> migrations) const;
};

// One service in this process. Built in dependency order, then started; stopped in reverse.
class Module {
 public:
  virtual ~Module() = default;
  // The gRPC services it serves (owned by the module); none for the gateway.
  virtual std::vector<grpc::Service*> services() { return {}; }
  // The same services for callers in this process (owned by the module), if it offers that.
  virtual DirectService* direct() { return nullptr; }
  // Starts workers; its server already answers.
  virtual absl::Status Start() { return absl::OkStatus(); }
  // Every service of this process answers now: begins what follows services later in the order, in
  // the background. No call waits for it, so calls still go one way only.
  virtual void StartFollowing() {}
  // OK when it can do its work now.
  virtual absl::Status Ready() { return absl::OkStatus(); }
  // Where people reach it ("127.0.0.1:8080"), once started; "" for services behind the gateway.
  virtual std::string address() const { return ""; }
  // Ends streams and workers; what runs is finished. No call reaches it afterwards.
  virtual void Stop() {}
};

using ModuleFactory = absl::StatusOr<std::unique_ptr<Module>> (*)(const Environment&);

}  // namespace veche::rpc
