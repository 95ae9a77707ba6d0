#include "common/rpc/channels.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/rpc/probe.h"
#include "common/rpc/test_certificates.h"
#include "common/rpc/test_network.h"
#include "common/rpc/tls_files.h"

namespace veche::rpc::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::veche::testing::StatusIs;

constexpr char kProbe[] = "veche.testing.v1.Probe";

class ProbeModule final : public Module {
 public:
  explicit ProbeModule(Probe& probe) : probe_(probe) {}
  std::vector<grpc::Service*> services() override { return probe_.dispatcher().services(); }

 private:
  Probe& probe_;
};

// A process of the service, which counts its calls.
class Replica {
 public:
  explicit Replica(const std::string& address = "127.0.0.1:0",
                   const config::v1::Grpc& config = {}) {
    probe_.handlers.read = [this](const Call&, const v1::ReadRequest&) { return Answer(); };
    probe_.handlers.echo = [this](const Call&, const v1::EchoRequest&) { return Answer(); };
    auto server = Server::Start(module_, config, address);
    EXPECT_OK(server);
    server_ = *std::move(server);
  }
  ~Replica() { Stop(); }

  int port() const { return server_->port(); }
  int calls() const { return calls_; }
  // So many of the next calls are answered UNAVAILABLE.
  void Fail(int calls) { failing_ = calls; }
  void Stop() {
    probe_.dispatcher().Shutdown();
    if (server_) server_->Shutdown(absl::Now());
    server_.reset();
  }

 private:
  absl::StatusOr<v1::EchoResponse> Answer() {
    ++calls_;
    if (failing_ > 0) {
      --failing_;
      return absl::UnavailableError("not now");
    }
    return v1::EchoResponse();
  }

  Probe probe_;
  ProbeModule module_{probe_};
  std::atomic<int> calls_ = 0;
  std::atomic<int> failing_ = 0;
  std::unique_ptr<Server> server_;
};

class ChannelsTest : public ::testing::Test {
 protected:
  void Connect(const std::string& address, const config::v1::Grpc& grpc = {}) {
    (*config_.mutable_addresses())["probe"] = address;
    *config_.mutable_grpc() = grpc;
    channels_ = std::make_unique<Channels>(config_, std::vector<std::string>{kProbe});
    stub_ = v1::Probe::NewStub(channels_->For("probe"));
  }
  // A call that declares itself a read, and one that does not.
  absl::Status Read() {
    grpc::ClientContext context;
    Prepare(context);
    v1::EchoResponse response;
    return FromGrpc(stub_->Read(&context, {}, &response));
  }
  absl::Status Echo() {
    grpc::ClientContext context;
    Prepare(context);
    v1::EchoResponse response;
    return FromGrpc(stub_->Echo(&context, {}, &response));
  }
  static std::string At(int port) { return absl::StrCat("127.0.0.1:", port); }

 private:
  static void Prepare(grpc::ClientContext& context) {
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
    context.set_wait_for_ready(false);
  }

  config::v1::Config config_;
  std::unique_ptr<Channels> channels_;
  std::unique_ptr<v1::Probe::Stub> stub_;
};

TEST_F(ChannelsTest, SpreadsCallsOverAList) {
  Replica one, two;
  Connect(absl::StrCat(At(one.port()), ",", At(two.port())));
  while (one.calls() == 0 || two.calls() == 0) ASSERT_OK(Read());
  const int before_one = one.calls(), before_two = two.calls();
  for (int i = 0; i < 100; ++i) ASSERT_OK(Read());
  EXPECT_EQ(one.calls() - before_one, 50);
  EXPECT_EQ(two.calls() - before_two, 50);
}

TEST_F(ChannelsTest, LeavesAReplicaThatStops) {
  Replica one, two;
  Connect(absl::StrCat(At(one.port()), ",", At(two.port())));
  while (one.calls() == 0 || two.calls() == 0) ASSERT_OK(Read());
  two.Stop();
  for (int i = 0; i < 50; ++i) ASSERT_OK(Read());
}

TEST_F(ChannelsTest, LeavesAReplicaThatIsFrozen) {
  Replica one, two;
  FreezableProxy way_to_two(two.port());
  Connect(absl::StrCat(At(one.port()), ",", At(way_to_two.port())));
  while (one.calls() == 0 || two.calls() == 0) ASSERT_OK(Read());
  way_to_two.Freeze();
  for (int i = 0; i < 50; ++i) ASSERT_OK(Read());
}

TEST_F(ChannelsTest, FindsAReplicaThatIsAdded) {
  TestDns dns;
  dns.Set({"127.0.0.1"});
  Replica one;
  Replica two(absl::StrCat("127.0.0.2:", one.port()));
  Connect(absl::StrCat("dns://127.0.0.1:", dns.port(), "/probe.test:", one.port()));
  ASSERT_OK(Read());
  dns.Set({"127.0.0.1", "127.0.0.2"});
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (two.calls() == 0 && absl::Now() < deadline) ASSERT_OK(Read());
  EXPECT_GT(two.calls(), 0);
}

TEST_F(ChannelsTest, RepeatsWhatIsDeclaredIdempotent) {
  Replica one;
  Connect(At(one.port()));
  one.Fail(2);
  EXPECT_OK(Read());
  EXPECT_EQ(one.calls(), 3);
  one.Fail(3);
  EXPECT_THAT(Read(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(one.calls(), 6);
}

TEST_F(ChannelsTest, RepeatsNothingElse) {
  Replica one;
  Connect(At(one.port()));
  one.Fail(1);
  EXPECT_THAT(Echo(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(one.calls(), 1);
  EXPECT_OK(Echo());
}

TEST_F(ChannelsTest, RepeatsFewCallsOfAServiceInTrouble) {
  constexpr int kCalls = 100;
  Replica one;
  Connect(At(one.port()));
  one.Fail(1'000'000);
  for (int i = 0; i < kCalls; ++i) EXPECT_FALSE(Read().ok());
  EXPECT_LE(one.calls(), kCalls + 10) << "half of the tokens";
}

class TlsChannelsTest : public ChannelsTest {
 protected:
  TlsChannelsTest() { std::filesystem::create_directories(folder_); }
  ~TlsChannelsTest() override { std::filesystem::remove_all(folder_); }

  // The TLS files of a service, in a folder of its own.
  config::v1::Grpc FilesOf(const std::string& service, const TestCa& ca, const TestCa& trusted) {
    const auto [certificate, key] = ca.Issue(service);
    config::v1::Grpc config;
    config.set_tls_certificate_file(Write(service + ".crt", certificate));
    config.set_tls_key_file(Write(service + ".key", key));
    config.set_tls_ca_file(Write(service + "-ca.crt", trusted.certificate()));
    return config;
  }

 private:
  std::string Write(const std::string& name, const std::string& text) {
    const std::filesystem::path file = folder_ / name;
    std::ofstream(folder_ / "new") << text;
    std::filesystem::rename(folder_ / "new", file);  // a reader sees the old or the new file
    return file.string();
  }

  const std::filesystem::path folder_ =
      ::testing::TempDir() + "/veche_channels_test_" + std::to_string(getpid());
};

TEST_F(TlsChannelsTest, AListIsServedByCertificatesWithTheServicesName) {
  const TestCa ca;
  const config::v1::Grpc probe = FilesOf("probe", ca, ca);
  Replica one(At(0), probe);
  Replica two(At(0), probe);
  Connect(absl::StrCat(At(one.port()), ",", At(two.port())), FilesOf("appeals", ca, ca));
  while (one.calls() == 0 || two.calls() == 0) ASSERT_OK(Read());
}

TEST_F(TlsChannelsTest, NewFilesAreUsedWithoutARestart) {
  const TestCa old_ca, new_ca;
  Replica replica(At(0), FilesOf("probe", old_ca, old_ca));
  Connect(At(replica.port()), FilesOf("appeals", old_ca, old_ca));
  ASSERT_OK(Read());
  FilesOf("probe", new_ca, new_ca);
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  // The server has the new files when it refuses a client with the old ones …
  while (absl::Now() < deadline) {
    Connect(At(replica.port()), FilesOf("appeals", old_ca, old_ca));
    if (!Read().ok()) break;
  }
  EXPECT_FALSE(Read().ok());
  // … and a client gets its new files while it runs.
  FilesOf("appeals", new_ca, new_ca);
  while (!Read().ok() && absl::Now() < deadline) {
  }
  EXPECT_OK(Read());
}

TEST_F(TlsChannelsTest, WrongFilesAreNamed) {
  const TestCa ca;
  config::v1::Grpc files = FilesOf("probe", ca, ca);
  EXPECT_THAT(TlsFaults(files), IsEmpty());
  files.set_tls_key_file(FilesOf("other", ca, ca).tls_key_file());
  EXPECT_THAT(TlsFaults(files), ElementsAre(HasSubstr("is not the key of the certificate")));
  files.set_tls_ca_file(files.tls_key_file());
  files.set_tls_certificate_file("/nowhere");
  EXPECT_THAT(TlsFaults(files), ElementsAre(HasSubstr("/nowhere cannot be read"),
                                            HasSubstr("is no certificate in PEM")));
  files.clear_tls_ca_file();
  EXPECT_THAT(TlsFaults(files), ElementsAre(HasSubstr("or none")));
}

}  // namespace
}  // namespace veche::rpc::testing
