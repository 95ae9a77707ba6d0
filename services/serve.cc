#include "services/serve.h"

#include <pthread.h>
#include <signal.h>

#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/demo/demo_files.h"
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
ABSL_FLAG(std::string, demo, "",
          "load a demo city with its districts, departments, staff and appeals: --demo is "
          "--demo=kazan");
ABSL_FLAG(bool, demo_polls, true,
          "with --demo: also residents, polls and initiatives, in the background after the start");
ABSL_FLAG(std::string, limits, "",
          "none: no rate, connection or in-flight limits; for load tests only");

namespace veche {
namespace {

// Abseil has no flags with an optional value: makes "--demo" alone "--demo=kazan".
std::vector<char*> NameTheDemo(int argc, char** argv) {
  static char named[] = "--demo=kazan";
  std::vector<char*> arguments(argv, argv + argc);
  for (char*& argument : arguments) {
    const absl::string_view text = argument;
    if (text == "--") break;
    if (text == "--demo" || text == "-demo") argument = named;
  }
  return arguments;
}

ConfigFlags FlagsFromCommandLine(const std::optional<DemoFiles>& demo) {
  return {.file = absl::GetFlag(FLAGS_config),
          .data_dir = absl::GetFlag(FLAGS_data_dir),
          .services = absl::GetFlag(FLAGS_services),
          .http_address = absl::GetFlag(FLAGS_http_address),
          .grpc_address = absl::GetFlag(FLAGS_grpc_address),
          .admin_address = absl::GetFlag(FLAGS_admin_address),
          .trusted_proxies = absl::GetFlag(FLAGS_trusted_proxies),
          .limits = absl::GetFlag(FLAGS_limits),
          .demo = demo ? std::string(demo->Get("city.json")) : ""};
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
      "  veche migrate                      bring the databases up to date without serving\n"
      "  veche backup --data_dir D --to F   back a data folder up, also while the program runs\n"
      "  veche restore --from F --data_dir D   restore a backup into an empty folder\n"
      "  veche blobs copy --from F --to C   copy attachments between folders and buckets\n"
      "  veche classifier COMMAND …         train, evaluate or explain a model\n"
      "With --config, import and create-admin call the services at the config's addresses. "
      "Between\n"
      "processes with TLS their certificate must have the common name \"commands\".");
  std::vector<char*> arguments = NameTheDemo(argc, argv);
  const std::vector<char*> words = absl::ParseCommandLine(argc, arguments.data());
  if (words.size() > 1) {
    std::cerr << "Unknown command \"" << words[1] << "\"; see veche --help." << std::endl;
    return 2;
  }
  // Debian builds Abseil with deadlock detection on every lock. Tests keep it; it is too slow for
  // services.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const sigset_t signals = BlockSignals();
  std::optional<DemoFiles> city;
  if (const std::string name = absl::GetFlag(FLAGS_demo); !name.empty()) {
    auto found = DemoFiles::Find(name);
    if (!found.ok()) return Fail(found.status());
    city = *std::move(found);
  }
  auto config = LoadConfig(FlagsFromCommandLine(city));
  if (!config.ok()) return Fail(config.status());
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
  std::optional<DemoLoader> demo;
  if (city) {
    if (absl::Status loaded = LoadDemo(*config, *city, **suite, std::cout); !loaded.ok())
      return Fail(loaded);
    demo.emplace(*config, *city, **suite);
    if (absl::GetFlag(FLAGS_demo_polls)) demo->Start();
  }
  PrintAddresses(*config, **suite, admin.get());

  int signal = 0;
  sigwait(&signals, &signal);
  (*suite)->telemetry().logger->Info("draining");
  (*suite)->Leave();
  // A second signal ends the wait.
  const timespec wait{.tv_sec = config->drain().wait_seconds(), .tv_nsec = 0};
  sigtimedwait(&signals, nullptr, &wait);
  if (demo) demo->Stop();
  (*suite)->Stop();
  return 0;
}

}  // namespace veche
