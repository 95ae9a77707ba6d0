#include <gtest/gtest.h>

#include <filesystem>

#include "common/rpc/callback_queue.h"
#include "common/rpc/status.h"
#include "services/notifications/module.h"
#include "services/notifications/testing/alert_fixture.h"
#include "veche/notifications/v1/alerts.grpc.pb.h"

namespace veche::notifications {
namespace {

using rpc::testing::Admin;
using rpc::testing::Resident;
using testing::AlertCity;
using testing::Editor;
using veche::testing::StatusIs;

// The whole module behind gRPC.
class AlertServiceTest : public ::testing::Test {
 protected:
  AlertServiceTest() {
    rpc::KeepCallbackQueue();
    grpc::ServerBuilder builder;
    builder.RegisterService(&directory_);
    peer_ = builder.BuildAndStart();
    channels_.AddLocal("directory", *peer_);
    auto module = CreateNotificationsModule(environment_);
    EXPECT_OK(module);
    module_ = *std::move(module);
    server_ = std::make_unique<rpc::testing::TestServer>(module_->services());
    stub_ = v1::Alerts::NewStub(server_->channel());
    EXPECT_OK(module_->Start());
  }
  ~AlertServiceTest() override {
    module_->Stop();
    server_.reset();
    module_.reset();
    peer_->Shutdown(std::chrono::system_clock::now());
    std::filesystem::remove_all(folder_);
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(grpc::Status (v1::Alerts::Stub::*method)(grpc::ClientContext*,
                                                                        const Request&, Response*),
                               const auth::Principal& caller, const Request& request) {
    Response response;
    const auto context = server_->ContextFor(caller);
    const absl::Status status =
        rpc::FromGrpc((stub_.get()->*method)(context.get(), request, &response));
    if (!status.ok()) return status;
    return response;
  }
  absl::StatusOr<v1::Alert> Create(const auth::Principal& caller) {
    v1::CreateAlertRequest request;
    *request.mutable_alert() = AlertCity::Draft();
    return Ask(&v1::Alerts::Stub::CreateAlert, caller, request);
  }

  static std::filesystem::path MakeFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "alerts-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }

  const std::filesystem::path folder_ = MakeFolder();
  config::v1::Config config_;
  rpc::Channels channels_{config_};
  SystemClock clock_;
  UlidSource ids_{clock_};
  testing::FakeDirectory directory_;
  std::unique_ptr<grpc::Server> peer_;
  rpc::Environment environment_{config_,
                                folder_,
                                channels_,
                                rpc::testing::TestServer::verifier(),
                                clock_,
                                ids_,
                                observe::NullTelemetry(),
                                {},
                                rpc::testing::SuiteCallers()};
  std::unique_ptr<rpc::Module> module_;
  std::unique_ptr<rpc::testing::TestServer> server_;
  std::unique_ptr<v1::Alerts::Stub> stub_;
};

TEST_F(AlertServiceTest, EditorsPublishAndEverybodyReads) {
  const auto draft = Create(Editor());
  ASSERT_OK(draft);
  v1::PublishAlertRequest publish;
  publish.set_name(draft->name());
  ASSERT_OK(Ask(&v1::Alerts::Stub::PublishAlert, Editor(), publish));
  v1::GetAlertRequest get;
  get.set_name(draft->name());
  const auto read = Ask(&v1::Alerts::Stub::GetAlert, auth::Principal(), get);
  ASSERT_OK(read);
  EXPECT_EQ(read->state(), v1::Alert::PUBLISHED);
  const auto list = Ask(&v1::Alerts::Stub::ListAlerts, Resident("r"), v1::ListAlertsRequest());
  ASSERT_OK(list);
  EXPECT_EQ(list->alerts_size(), 1);
  const auto feed =
      Ask(&v1::Alerts::Stub::GetAtomFeed, auth::Principal(), v1::GetAtomFeedRequest());
  ASSERT_OK(feed);
  EXPECT_THAT(feed->data(), ::testing::HasSubstr("Нет воды"));
}

TEST_F(AlertServiceTest, OthersAreRefused) {
  EXPECT_THAT(Create(Resident("r")), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Create(Admin("a")), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Create(auth::Principal()), StatusIs(absl::StatusCode::kUnauthenticated));
  v1::CreateTopicRequest topic;
  topic.mutable_topic()->set_name("topics/dogs");
  (*topic.mutable_topic()->mutable_titles())["ru"] = "Собаки";
  EXPECT_THAT(Ask(&v1::Alerts::Stub::CreateTopic, Resident("r"), topic),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_OK(Ask(&v1::Alerts::Stub::CreateTopic, Admin("a"), topic));
}

TEST_F(AlertServiceTest, TakesUploadsOfEditors) {
  const auto upload = [&](const auth::Principal& caller) {
    v1::ImportAlertsResponse response;
    const auto context = server_->ContextFor(caller);
    const auto writer = stub_->ImportAlerts(context.get(), &response);
    google::api::HttpBody piece;
    piece.set_content_type("application/xml");
    piece.set_data("<alert/>");
    writer->Write(piece);
    writer->WritesDone();
    return rpc::FromGrpc(writer->Finish());
  };
  EXPECT_THAT(upload(Editor()), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(upload(Resident("r")), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(AlertServiceTest, ARepeatWithTheSameKeyGivesTheSameAlert) {
  const auto create = [&] {
    v1::CreateAlertRequest request;
    *request.mutable_alert() = AlertCity::Draft();
    v1::Alert alert;
    const auto context = server_->ContextFor(Editor());
    context->AddMetadata("idempotency-key", "one");
    EXPECT_TRUE(stub_->CreateAlert(context.get(), request, &alert).ok());
    return alert.name();
  };
  const std::string first = create();
  EXPECT_EQ(create(), first);
}

}  // namespace
}  // namespace veche::notifications
