#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/token.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/observe/telemetry.h"
#include "common/rpc/channels.h"
#include "common/rpc/module.h"
#include "common/rpc/server.h"
#include "services/data_folder.h"
#include "services/modules.h"
#include "services/session_follower.h"
#include "veche/config/v1/config.pb.h"

namespace veche {

// The services of this process: built and started in the order of the module table, stopped in the
// reverse order.
class Suite {
 public:
  // Starts the services that `config` names. They accept calls when this returns.
  static absl::StatusOr<std::unique_ptr<Suite>> Start(const config::v1::Config& config);
  ~Suite();

  // Whether each service can do its work, by name. Any thread.
  std::map<std::string, absl::Status> Readiness();

  // Whether a service is in this process or has a configured address.
  bool Knows(absl::string_view service) { return channels_.Knows(service); }
  // The channel that modules use to call a service.
  std::shared_ptr<grpc::Channel> ChannelTo(absl::string_view service) {
    return channels_.For(service);
  }
  const observe::Telemetry& telemetry() const { return telemetry_; }
  // The gateway's address ("127.0.0.1:8080"); "" if the gateway is not in this process.
  std::string address() const;
  int grpc_port() const;  // 0 when not exposed
  const std::filesystem::path& data_dir() const { return folder_->path(); }

  // The process is not ready any more, and callers and clients are asked to go elsewhere, but calls
  // are still served. Any thread.
  void Leave();
  // Ends streams, lets running calls finish for a while, and ends. Called once.
  void Stop();

 private:
  struct Running {
    std::string name;
    std::unique_ptr<rpc::Module> module;
    std::unique_ptr<rpc::Server>
        server;  // for callers in this process; null for a module without services
  };
  class Exposed;

  Suite(const config::v1::Config& config, std::unique_ptr<DataFolder> folder);
  // For the verifier: identity's keys. From then on its ended sessions are followed.
  absl::StatusOr<std::vector<auth::PublicKey>> FetchKeys();
  absl::Status StartModule(const ModuleEntry& entry);
  absl::Status Expose();

  const config::v1::Config config_;
  std::atomic<bool> leaving_ = false;
  const std::unique_ptr<DataFolder> folder_;
  SystemClock clock_;
  UlidSource ids_{clock_};
  observe::Telemetry telemetry_;
  rpc::Channels channels_;
  auth::TokenVerifier verifier_;
  SessionFollower sessions_;
  std::vector<Running> running_;
  std::unique_ptr<Exposed> exposed_;  // all services on the gRPC port, when one is configured
  std::unique_ptr<rpc::Server> exposed_server_;
};

}  // namespace veche
