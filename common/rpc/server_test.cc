#include "common/rpc/server.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/synchronization/notification.h"
#include "common/rpc/probe.h"
#include "common/rpc/test_certificates.h"

namespace veche::rpc::testing {
namespace {

using ::testing::HasSubstr;
using ::veche::testing::HasReason;
using ::veche::testing::StatusIs;

class ProbeModule final : public Module {
 public:
  explicit ProbeModule(Probe& probe) : probe_(probe) {}
  std::vector<grpc::Service*> services() override { return probe_.dispatcher().services(); }

 private:
  Probe& probe_;
};

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() : folder_(::testing::TempDir() + "/veche_server_test_" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~ServerTest() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  // TLS files of a service whose certificate `ca` has signed.
  config::v1::Grpc TlsOf(const TestCa& ca, const std::string& service) {
    auto [certificate, key] = ca.Issue(service);
    config::v1::Grpc config;
    config.set_tls_certificate_file(Write(service + ".crt", certificate));
    config.set_tls_key_file(Write(service + ".key", key));
    config.set_tls_ca_file(Write("ca.crt", ca.certificate()));
    return config;
  }
  std::unique_ptr<Server> Start(const config::v1::Grpc& config, absl::string_view address) {
    auto server = Server::Start(module_, config, address);
    EXPECT_OK(server);
    return *std::move(server);
  }

  static absl::StatusOr<std::string> EchoAt(const std::shared_ptr<grpc::Channel>& channel,
                                            const std::string& service) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    if (!service.empty()) context.AddMetadata("x-veche-service", service);
    v1::EchoResponse response;
    grpc::Status status = v1::Probe::NewStub(channel)->Echo(&context, {}, &response);
    if (!status.ok()) return FromGrpc(status);
    return response.text();
  }
  static absl::Status AskServiceAt(const std::shared_ptr<grpc::Channel>& channel,
                                   const std::string& service) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    context.AddMetadata("x-veche-service", service);
    v1::EchoResponse response;
    return FromGrpc(v1::Probe::NewStub(channel)->AskService(&context, {}, &response));
  }
  static config::v1::Config ConfigWith(const std::string& service, int port) {
    config::v1::Config config;
    (*config.mutable_addresses())[service] = "127.0.0.1:" + std::to_string(port);
    return config;
  }

  const std::filesystem::path folder_;
  Probe probe_;
  ProbeModule module_{probe_};
};

TEST_F(ServerTest, ServesTheProcessWithoutAPort) {
  auto server = Start({}, "");
  EXPECT_EQ(server->port(), 0);
  const config::v1::Config config;
  Channels channels(config);
  channels.AddLocal("probe", server->grpc());
  EXPECT_THAT(EchoAt(channels.For("probe"), "appeals"),
              veche::testing::IsOkAndHolds("services/appeals"));
}

TEST_F(ServerTest, AnswersMayBeLargerThanGrpcsDefault) {
  const std::string large(5 << 20, 'x');
  probe_.handlers.echo = [&](const Call&, const v1::EchoRequest&) {
    v1::EchoResponse response;
    response.set_text(large);
    return response;
  };
  auto server = Start({}, "127.0.0.1:0");
  const config::v1::Config config = ConfigWith("remote", server->port());
  Channels channels(config);
  channels.AddLocal("local", server->grpc());
  EXPECT_THAT(EchoAt(channels.For("local"), ""), veche::testing::IsOkAndHolds(large));
  EXPECT_THAT(EchoAt(channels.For("remote"), ""), veche::testing::IsOkAndHolds(large));
}

TEST_F(ServerTest, BelievesNoServiceNameOverPlainTcp) {
  auto server = Start({}, "127.0.0.1:0");
  ASSERT_NE(server->port(), 0);
  const config::v1::Config config = ConfigWith("probe", server->port());
  Channels channels(config);
  EXPECT_THAT(EchoAt(channels.For("probe"), ""), veche::testing::IsOkAndHolds(""));
  auto forged = EchoAt(channels.For("probe"), "appeals");
  EXPECT_THAT(forged, StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(forged, HasReason("SERVICE_NOT_PROVEN"));
}

TEST_F(ServerTest, BelievesTheNameOfTheCertificate) {
  const TestCa ca;
  auto server = Start(TlsOf(ca, "probe"), "127.0.0.1:0");
  config::v1::Config config = ConfigWith("probe", server->port());
  *config.mutable_grpc() = TlsOf(ca, "appeals");
  Channels channels(config);
  EXPECT_THAT(EchoAt(channels.For("probe"), "appeals"),
              veche::testing::IsOkAndHolds("services/appeals"));
  EXPECT_THAT(EchoAt(channels.For("probe"), "identity"), HasReason("SERVICE_NOT_PROVEN"));
}

// A certificate of the city's authority allows only the calls whose access rules name its service.
TEST_F(ServerTest, ACertificateIsWorthWhatItsNameIs) {
  const TestCa ca;
  auto server = Start(TlsOf(ca, "probe"), "127.0.0.1:0");
  const auto ask = [&](const std::string& certificate, const std::string& service) {
    config::v1::Config config = ConfigWith("probe", server->port());
    *config.mutable_grpc() = TlsOf(ca, certificate);
    return AskServiceAt(Channels(config).For("probe"), service);
  };
  EXPECT_OK(ask("appeals", "appeals"));
  // A service that the rule does not name.
  EXPECT_THAT(ask("identity", "identity"), HasReason("SERVICE_NOT_ALLOWED"));
  EXPECT_THAT(ask("commands", "commands"), HasReason("SERVICE_NOT_ALLOWED"));
  // A name that is no service of the suite, claiming its own name or another's.
  EXPECT_THAT(ask("utility", "utility"), HasReason("SERVICE_NOT_PROVEN"));
  EXPECT_THAT(ask("utility", "appeals"), HasReason("SERVICE_NOT_PROVEN"));
  EXPECT_THAT(ask("identity", "appeals"), HasReason("SERVICE_NOT_PROVEN"));
  EXPECT_THAT(ask("followers", "followers"), HasReason("SERVICE_NOT_PROVEN"));
}

TEST_F(ServerTest, RefusesTheCertificateOfAnotherAuthority) {
  const TestCa ca;
  const TestCa other;
  auto server = Start(TlsOf(ca, "probe"), "127.0.0.1:0");
  config::v1::Config config = ConfigWith("probe", server->port());
  *config.mutable_grpc() = TlsOf(other, "appeals");
  config.mutable_grpc()->set_tls_ca_file(Write("server_ca.crt", ca.certificate()));
  EXPECT_THAT(EchoAt(Channels(config).For("probe"), "appeals"),
              StatusIs(absl::StatusCode::kUnavailable));
  config.clear_grpc();
  EXPECT_THAT(EchoAt(Channels(config).For("probe"), "appeals"),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(ServerTest, SaysWhatIsWrongWithItsAddressOrFiles) {
  auto server = Start({}, "127.0.0.1:0");
  EXPECT_THAT(Server::Start(module_, {}, absl::StrCat("127.0.0.1:", server->port())),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  config::v1::Grpc some;
  some.set_tls_key_file("/nowhere");
  EXPECT_THAT(Server::Start(module_, some, "127.0.0.1:0"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(ServerTest, AServiceThatIsNowhereIsUnavailable) {
  const config::v1::Config config;
  Channels channels(config);
  EXPECT_THAT(EchoAt(channels.For("nowhere"), ""), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(ServerTest, ManyViolationsFitIntoAnAnswer) {
  probe_.handlers.echo = [](const Call&, const v1::EchoRequest&) {
    Violations violations;
    for (int i = 0; i < 300; ++i)
      violations.Add(absl::StrCat("items[", i, "].title"), "is required");
    return violations.ToStatus();
  };
  auto server = Start({}, "127.0.0.1:0");
  const config::v1::Config config = ConfigWith("probe", server->port());
  Channels channels(config);
  EXPECT_THAT(EchoAt(channels.For("probe"), ""), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ServerTest, ShutdownWaitsForCallsThatRun) {
  absl::Notification running;
  absl::Notification go;
  probe_.handlers.echo = [&](const Call&, const v1::EchoRequest&) {
    running.Notify();
    go.WaitForNotification();
    return v1::EchoResponse();
  };
  auto server = Start({}, "127.0.0.1:0");
  const config::v1::Config config = ConfigWith("probe", server->port());
  Channels channels(config);
  auto channel = channels.For("probe");
  std::thread client([&] { EXPECT_OK(EchoAt(channel, "")); });
  running.WaitForNotification();
  std::thread stop([&] { server->Shutdown(absl::Now() + absl::Seconds(60)); });
  go.Notify();
  stop.join();
  client.join();
}

// As the suite stops: streams end, then callers are told to go, and their running calls finish.
TEST_F(ServerTest, AStreamDoesNotDelayTheEndOfAReplicaWhoseCallsFinish) {
  absl::Notification running;
  absl::Notification go;
  probe_.handlers.echo = [&](const Call&, const v1::EchoRequest&) {
    running.Notify();
    go.WaitForNotification();
    return v1::EchoResponse();
  };
  std::shared_ptr<StreamWriter<v1::Chunk>> open;
  absl::Notification subscribed;
  probe_.handlers.watch = [&](const Call&, std::shared_ptr<StreamWriter<v1::Chunk>> writer) {
    open = std::move(writer);
    subscribed.Notify();
    return absl::OkStatus();
  };
  auto server = Start({}, "127.0.0.1:0");
  const config::v1::Config config = ConfigWith("probe", server->port());
  Channels channels(config);
  auto channel = channels.For("probe");
  grpc::ClientContext context;
  v1::WatchRequest request;
  request.set_topic("all");
  auto reader = v1::Probe::NewStub(channel)->Watch(&context, request);
  subscribed.WaitForNotification();
  std::thread client([&] { EXPECT_OK(EchoAt(channel, "")); });
  running.WaitForNotification();
  probe_.dispatcher().EndStreams();
  EXPECT_THAT(FromGrpc(reader->Finish()), StatusIs(absl::StatusCode::kUnavailable));
  std::thread stop([&] { server->Shutdown(absl::Now() + absl::Seconds(60)); });
  go.Notify();
  stop.join();
  client.join();
}

TEST_F(ServerTest, StoppingTheDispatcherFirstLetsCallsWithinTheProcessFinish) {
  absl::Notification running;
  absl::Notification go;
  probe_.handlers.echo = [&](const Call&, const v1::EchoRequest&) {
    running.Notify();
    go.WaitForNotification();
    return v1::EchoResponse();
  };
  auto server = Start({}, "");
  auto channel = server->grpc().InProcessChannel({});
  std::thread client([&] { EXPECT_OK(EchoAt(channel, "")); });
  running.WaitForNotification();
  std::thread stop([&] {
    probe_.dispatcher().Shutdown();
    server->Shutdown(absl::Now());
  });
  go.Notify();
  stop.join();
  client.join();
}

TEST_F(ServerTest, ShutdownBreaksOffStreamsAtItsDeadline) {
  absl::Notification subscribed;
  probe_.handlers.watch = [&](const Call&, std::shared_ptr<StreamWriter<v1::Chunk>>) {
    subscribed.Notify();
    return absl::OkStatus();
  };
  auto server = Start({}, "");
  grpc::ClientContext context;
  v1::WatchRequest request;
  request.set_topic("all");
  auto reader = v1::Probe::NewStub(server->grpc().InProcessChannel({}))->Watch(&context, request);
  subscribed.WaitForNotification();
  server->Shutdown(absl::Now());
  EXPECT_FALSE(reader->Finish().ok());
}

TEST_F(ServerTest, AModuleGetsADatabaseFileThatOnlyItsOwnerReads) {
  const config::v1::Config config;
  Channels channels(config);
  const SystemClock clock;
  UlidSource ids(clock);
  const Environment environment{
      config, folder_ / "data",        channels, TestServer::verifier(), clock,
      ids,    observe::NullTelemetry()};
  ASSERT_OK(environment.OpenDatabase("appeals", {IdempotencyMigrations()}));
  ASSERT_OK(environment.OpenDatabase("appeals", {IdempotencyMigrations()})) << "and again";
  struct stat info;
  ASSERT_EQ(::stat((folder_ / "data" / "appeals.db").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(ServerTest, AModulesTransactionsAreTimed) {
  const config::v1::Config config;
  Channels channels(config);
  const SystemClock clock;
  UlidSource ids(clock);
  const Environment environment{
      config, folder_ / "data",        channels, TestServer::verifier(), clock,
      ids,    observe::NullTelemetry()};
  auto database = environment.OpenDatabase("appeals", {IdempotencyMigrations()});
  ASSERT_OK(database);
  const auto nothing = [](sql::Transaction&) { return absl::OkStatus(); };
  EXPECT_OK((*database)->Read(nothing));
  EXPECT_OK((*database)->Write(nothing));
  EXPECT_OK((*database)->Write(nothing));
  const std::string metrics = observe::RenderMetrics(*environment.telemetry.metrics);
  EXPECT_THAT(metrics, HasSubstr(R"(veche_sql_seconds_count{kind="read",service="appeals"} 1)"));
  EXPECT_THAT(metrics, HasSubstr(R"(veche_sql_seconds_count{kind="write",service="appeals"} 2)"));
}

}  // namespace
}  // namespace veche::rpc::testing
