#include "services/serve.h"

#include <pthread.h>
#include <signal.h>

#include <iostream>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/grpc_log.h"
#include "services/admin_server.h"
#include "services/config.h"
#include "services/demo.h"
#include "services/suite.h"

ABSL_FLAG(std::string, config, "", "JSON file of veche.config.v1.Config");
ABSL_FLAG(std::string, services, "", "services of this process, comma-separated; default all");
ABSL_FLAG(bool, check_config, false, "check the configuration and exit");
ABSL_FLAG(std::string, data_dir, "", "where embedded storage lives; default .veche");
ABSL_FLAG(std::string, http_address, "", "the gateway's address; default 127.0.0.1:8080");
ABSL_FLAG(std::string, grpc_address, "", "the gRPC address; default not exposed");
ABSL_FLAG(std::string, admin_address, "",
          "the operator's address; default 127.0.0.1:8081, off for none");
ABSL_FLAG(std::string, trusted_proxies, "",
          "networks of the proxies whose X-Forwarded-For is believed, comma-separated");
ABSL_FLAG(bool, demo, false, "load a demo city: Kazan's districts, departments, staff and appeals");
ABSL_FLAG(bool, demo_polls, true,
          "with --demo: also residents, polls and initiatives, in the background after the start");
ABSL_FLAG(std::string, limits, "",
          "none: no rate, connection or in-flight limits; for load tests only");

namespace veche {
namespace {

constexpr int kDemoThreshold = 15;  // supporters; a demo has few residents
constexpr absl::Duration kDrain = absl::Seconds(8);

ConfigFlags FlagsFromCommandLine() {
  return {.file = absl::GetFlag(FLAGS_config),
          .data_dir = absl::GetFlag(FLAGS_data_dir),
          .services = absl::GetFlag(FLAGS_services),
          .http_address = absl::GetFlag(FLAGS_http_address),
          .grpc_address = absl::GetFlag(FLAGS_grpc_address),
          .admin_address = absl::GetFlag(FLAGS_admin_address),
          .trusted_proxies = absl::GetFlag(FLAGS_trusted_proxies),
          .limits = absl::GetFlag(FLAGS_limits)};
}

// Blocks the signals that end the process, so that only sigwait receives them. Called before any
// thread starts.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

int Fail(const absl::Status& status) {
  std::cerr << status.message() << std::endl;
  return 1;
}

// The configured host with the port that was bound.
std::string AdminAddress(const config::v1::Config& config, const AdminServer& admin) {
  const std::string& address = config.admin().address();
  return absl::StrCat(address.substr(0, address.rfind(':')), ":", admin.port());
}

void PrintAddresses(const config::v1::Config& config, const Suite& suite,
                    const AdminServer* admin) {
  const std::string scheme = config.http().tls_certificate_file().empty() ? "http" : "https";
  std::cout << "Veche is ready.\n";
  if (!suite.address().empty())
    std::cout << "  Open      " << scheme << "://" << suite.address() << "/\n";
  if (suite.grpc_port() != 0) std::cout << "  gRPC      port " << suite.grpc_port() << "\n";
  if (admin != nullptr) std::cout << "  Operator  http://" << AdminAddress(config, *admin) << "\n";
  std::cout << "  Data      " << suite.data_dir().string() << std::endl;
}

}  // namespace

int Serve(int argc, char** argv) {
  absl::SetProgramUsageMessage(
      "the two-way line between a city and its residents.\n"
      "  veche [FLAGS]                      serve\n"
      "  veche import WHAT --file FILE      load districts, departments, categories or appeals\n"
      "  veche identity create-admin …      make the first administrator\n"
      "  veche classifier COMMAND …         train, evaluate or explain a model");
  if (absl::ParseCommandLine(argc, argv).size() > 1) {
    std::cerr << "Unknown command \"" << argv[1] << "\"; see veche --help." << std::endl;
    return 2;
  }
  // Debian builds Abseil with deadlock detection on every lock. Tests keep it; it is too slow for
  // services.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const sigset_t signals = BlockSignals();
  auto config = LoadConfig(FlagsFromCommandLine());
  if (!config.ok()) return Fail(config.status());
  if (absl::GetFlag(FLAGS_demo)) config->mutable_polling()->set_small_batches(true);
  if (absl::GetFlag(FLAGS_demo) && config->initiatives().threshold() == 0) {
    config->mutable_initiatives()->set_threshold(kDemoThreshold);
  }
  if (absl::GetFlag(FLAGS_check_config)) {
    std::cout << "The configuration is right." << std::endl;
    return 0;
  }
  auto suite = Suite::Start(*config);
  if (!suite.ok()) return Fail(suite.status());
  rpc::LogGrpcTo((*suite)->telemetry().logger);
  if (absl::GetFlag(FLAGS_limits) == "none")
    (*suite)->telemetry().logger->Warning("limits are off: for load tests only");

  std::unique_ptr<AdminServer> admin;
  if (config->admin().address() != "off") {
    auto started = AdminServer::Start(
        config->admin().address(), [&suite] { return (*suite)->Readiness(); },
        (*suite)->telemetry());
    if (!started.ok()) return Fail(started.status());
    admin = *std::move(started);
  }
  DemoLoader demo(*config, **suite);
  if (absl::GetFlag(FLAGS_demo)) {
    if (absl::Status loaded = LoadDemo(*config, **suite, std::cout); !loaded.ok())
      return Fail(loaded);
    if (absl::GetFlag(FLAGS_demo_polls)) demo.Start();
  }
  PrintAddresses(*config, **suite, admin.get());

  int signal = 0;
  sigwait(&signals, &signal);
  (*suite)->telemetry().logger->Info("draining");
  demo.Stop();
  (*suite)->Stop(absl::Now() + kDrain);
  return 0;
}

}  // namespace veche
