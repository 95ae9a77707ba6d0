#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "common/rpc/status.h"
#include "common/rpc/testing.h"
#include "common/testing/status_matchers.h"
#include "services/appeals/module.h"
#include "services/appeals/testing/fakes.h"
#include "veche/appeals/v1/appeals.grpc.pb.h"

namespace veche::appeals {

// The whole service through real gRPC; the services that it calls are fakes on real servers.
class ServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(::testing::TempDir()) /
              absl::StrCat("appeals_", getpid(), "_", RandomToken(6));
    std::filesystem::create_directories(folder_);
    for (const char* service : {"directory", "classification", "identity"}) {
      channels_.AddLocal(service, peers_.server());
    }
    Begin();
  }
  void TearDown() override {
    End();
    std::filesystem::remove_all(folder_);
  }
  void Begin() {
    const rpc::Environment environment{config_,
                                       folder_,
                                       channels_,
                                       rpc::testing::TestServer::verifier(),
                                       clock_,
                                       ids_,
                                       observe::NullTelemetry(),
                                       {},
                                       rpc::testing::SuiteCallers({"notifications"})};
    auto module = CreateAppealsModule(environment);
    ASSERT_OK(module);
    module_ = *std::move(module);
    server_ = std::make_unique<rpc::testing::TestServer>(module_->services());
    ASSERT_OK(module_->Start());
    stub_ = v1::Appeals::NewStub(server_->channel());
  }
  void End() {
    module_->Stop();
    server_.reset();
    module_.reset();
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(grpc::Status (v1::Appeals::Stub::*method)(grpc::ClientContext*,
                                                                         const Request&, Response*),
                               const auth::Principal& caller, const Request& request) {
    auto context = server_->ContextFor(caller);
    Response response;
    absl::Status status = rpc::FromGrpc((stub_.get()->*method)(context.get(), request, &response));
    if (!status.ok()) return status;
    return response;
  }

  absl::StatusOr<v1::Appeal> Create(const std::string& text, const auth::Principal& caller) {
    v1::CreateAppealRequest request;
    request.set_text(text);
    request.mutable_location()->set_latitude(55.8);
    request.mutable_location()->set_longitude(49.15);
    return Ask(&v1::Appeals::Stub::CreateAppeal, caller, request);
  }
  absl::StatusOr<v1::Appeal> Get(const std::string& name, const auth::Principal& caller = {}) {
    v1::GetAppealRequest request;
    request.set_name(name);
    return Ask(&v1::Appeals::Stub::GetAppeal, caller, request);
  }
  // Reads the appeal until it is in `state`.
  v1::Appeal WaitFor(const std::string& name, v1::Appeal::State state) {
    const absl::Time end = absl::Now() + absl::Seconds(20);
    while (absl::Now() < end) {
      auto appeal = Get(name, rpc::testing::Supervisor("boss"));
      if (appeal.ok() && appeal->state() == state) return *appeal;
      std::this_thread::yield();
    }
    ADD_FAILURE() << name << " does not become " << v1::Appeal::State_Name(state);
    return {};
  }

  std::filesystem::path folder_;
  Peers peers_;
  config::v1::Config config_;
  rpc::Channels channels_{config_};
  SystemClock clock_;
  UlidSource ids_{clock_};
  std::unique_ptr<rpc::Module> module_;
  std::unique_ptr<rpc::testing::TestServer> server_;
  std::unique_ptr<v1::Appeals::Stub> stub_;
};

}  // namespace veche::appeals
