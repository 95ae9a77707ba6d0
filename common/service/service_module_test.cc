#include "common/service/service_module.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <thread>

#include "absl/synchronization/notification.h"
#include "common/rpc/probe.h"

namespace veche::service {
namespace {

using ::testing::HasSubstr;
using ::veche::testing::StatusIs;
namespace v1 = ::veche::testing::v1;

class ProbeService final : public ServiceModule {
 public:
  ProbeService(ServiceParts parts, rpc::testing::ProbeHandlers& handlers)
      : ServiceModule(std::move(parts)), handlers_(handlers) {}

  std::unique_ptr<events::Source> AppealsLog() { return LogOf("appeals"); }
  std::function<void()> on_stop = [] {};

 private:
  std::vector<rpc::ServiceBuilder> Services() override { return {rpc::testing::Bind(handlers_)}; }
  void StopWorkers() override { on_stop(); }

  rpc::testing::ProbeHandlers& handlers_;
};

class ServiceModuleTest : public ::testing::Test {
 protected:
  ServiceModuleTest() { std::filesystem::create_directories(folder_); }
  ~ServiceModuleTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<ProbeService> Open(ServiceOptions options, rpc::Callers callers) {
    auto parts = OpenService({config_,
                              folder_,
                              channels_,
                              rpc::testing::TestServer::verifier(),
                              clock_,
                              ids_,
                              observe::NullTelemetry(),
                              {},
                              std::move(callers)},
                             std::move(options));
    EXPECT_OK(parts);
    return std::make_unique<ProbeService>(*std::move(parts), handlers_);
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) / absl::StrCat("service_module_", getpid());
  config::v1::Config config_;
  rpc::Channels channels_{config_};
  SystemClock clock_;
  UlidSource ids_{clock_};
  rpc::testing::ProbeHandlers handlers_;
};

TEST_F(ServiceModuleTest, WhatOthersFollowHasALog) {
  const absl::Status status =
      Open({.name = "probe"}, rpc::testing::SuiteCallers({"notifications"}))->Build();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("probe has no event log for notifications to follow"));
  auto module = Open({.name = "probe", .schema = {.events = true}, .event_log = true},
                     rpc::testing::SuiteCallers({"notifications"}));
  EXPECT_OK(module->Build());
  EXPECT_EQ(module->services().size(), 2u) << "Probe and EventLog";
}

TEST_F(ServiceModuleTest, WorkersStopWhenNoCallRunsAnyMore) {
  absl::Notification running;
  absl::Notification go;
  std::atomic<bool> answered = false;
  handlers_.echo = [&](const rpc::Call&, const v1::EchoRequest&) {
    running.Notify();
    go.WaitForNotification();
    answered = true;
    return v1::EchoResponse();
  };
  auto module = Open({.name = "probe"}, rpc::testing::SuiteCallers());
  bool answered_before_stop = false;
  module->on_stop = [&] { answered_before_stop = answered; };
  ASSERT_OK(module->Build());
  ASSERT_OK(module->Start());
  EXPECT_OK(module->Ready());
  {
    rpc::testing::TestServer server(module->services());
    std::thread client([&] {
      grpc::ClientContext context;
      v1::EchoResponse response;
      EXPECT_TRUE(v1::Probe::NewStub(server.channel())->Echo(&context, {}, &response).ok());
    });
    running.WaitForNotification();
    std::thread stop([&] { module->Stop(); });
    go.Notify();
    stop.join();
    client.join();
  }
  EXPECT_TRUE(answered_before_stop);
}

TEST_F(ServiceModuleTest, FollowsNobodyWithoutAnAddress) {
  auto module = Open({.name = "probe"}, rpc::testing::SuiteCallers());
  EXPECT_EQ(module->AppealsLog(), nullptr);
  (*config_.mutable_addresses())["appeals"] = "127.0.0.1:1";
  EXPECT_NE(module->AppealsLog(), nullptr);
}

}  // namespace
}  // namespace veche::service
