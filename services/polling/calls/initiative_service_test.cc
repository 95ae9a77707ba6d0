#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "common/rpc/callback_queue.h"
#include "common/rpc/status.h"
#include "common/rpc/testing.h"
#include "services/polling/module.h"
#include "services/polling/testing/initiative_fixture.h"
#include "veche/polling/v1/discussions.grpc.pb.h"
#include "veche/polling/v1/initiatives.grpc.pb.h"

// The whole service through real gRPC.

namespace veche::polling {
namespace {

using rpc::testing::Admin;
using rpc::testing::Officer;
using rpc::testing::Resident;
using rpc::testing::TestServer;
using testing::Editor;
using testing::Moderator;
using veche::testing::StatusIs;

std::filesystem::path MakeFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "polling-XXXXXX").string();
  return ::mkdtemp(pattern.data());
}

class InitiativeServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    rpc::KeepCallbackQueue();
    config_.mutable_initiatives()->set_threshold(2);
    auto module = CreatePollingModule(environment_);
    ASSERT_OK(module);
    module_ = *std::move(module);
    server_ = std::make_unique<TestServer>(module_->services());
    ASSERT_OK(module_->Start());
    stub_ = v1::Initiatives::NewStub(server_->channel());
    discussions_ = v1::Discussions::NewStub(server_->channel());
  }
  void TearDown() override {
    if (module_ != nullptr) module_->Stop();
    server_.reset();
    module_.reset();
    std::filesystem::remove_all(folder_);
  }

  template <typename Request>
  absl::StatusOr<v1::Initiative> Ask(grpc::Status (v1::Initiatives::Stub::*method)(
                                         grpc::ClientContext*, const Request&, v1::Initiative*),
                                     const auth::Principal& caller, const Request& request) {
    auto context = server_->ContextFor(caller);
    v1::Initiative response;
    absl::Status status = rpc::FromGrpc((stub_.get()->*method)(context.get(), request, &response));
    if (!status.ok()) return status;
    return response;
  }
  template <typename Request, typename Response>
  absl::Status Discuss(grpc::Status (v1::Discussions::Stub::*method)(grpc::ClientContext*,
                                                                     const Request&, Response*),
                       const auth::Principal& caller, const Request& request,
                       Response* response = nullptr) {
    auto context = server_->ContextFor(caller);
    Response ignored;
    return rpc::FromGrpc((discussions_.get()->*method)(context.get(), request,
                                                       response == nullptr ? &ignored : response));
  }
  template <typename Request>
  absl::StatusOr<v1::Initiative> AskByName(
      grpc::Status (v1::Initiatives::Stub::*method)(grpc::ClientContext*, const Request&,
                                                    v1::Initiative*),
      const auth::Principal& caller, const std::string& name) {
    Request request;
    request.set_name(name);
    return Ask(method, caller, request);
  }
  v1::CreateInitiativeRequest Proposal() {
    v1::CreateInitiativeRequest request;
    request.set_title("Велодорожка на набережной");
    request.set_text("Сделайте велодорожку вдоль всей набережной.");
    return request;
  }

  const std::filesystem::path folder_ = MakeFolder();
  config::v1::Config config_;
  rpc::Channels channels_{config_};
  SystemClock clock_;
  UlidSource ids_{clock_};
  rpc::Environment environment_{config_,
                                folder_,
                                channels_,
                                TestServer::verifier(),
                                clock_,
                                ids_,
                                observe::NullTelemetry(),
                                {},
                                rpc::testing::SuiteCallers()};
  std::unique_ptr<rpc::Module> module_;
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<v1::Initiatives::Stub> stub_;
  std::unique_ptr<v1::Discussions::Stub> discussions_;
};

using Stub = v1::Initiatives::Stub;

TEST_F(InitiativeServiceTest, AnInitiativeGetsItsAnswer) {
  const auto proposed = Ask(&Stub::CreateInitiative, Resident("ivan"), Proposal());
  ASSERT_OK(proposed);
  const std::string& name = proposed->name();
  ASSERT_OK(AskByName(&Stub::ApproveInitiative, Moderator(), name));
  ASSERT_OK(AskByName(&Stub::SupportInitiative, Resident("a"), name));
  ASSERT_OK(AskByName(&Stub::SupportInitiative, Resident("a"), name));
  const auto second = AskByName(&Stub::SupportInitiative, Resident("b"), name);
  ASSERT_OK(second);
  EXPECT_EQ(second->state(), v1::Initiative::AWAITING_RESPONSE);
  v1::RespondToInitiativeRequest answer;
  answer.set_name(name);
  answer.set_text("Денег нет.");
  answer.set_decision(v1::Initiative::Response::DECLINED);
  ASSERT_OK(Ask(&Stub::RespondToInitiative, Officer("olga", "departments/roads"), answer));
  const auto read = AskByName(&Stub::GetInitiative, {}, name);
  ASSERT_OK(read);
  EXPECT_EQ(read->state(), v1::Initiative::DECLINED);
  EXPECT_EQ(read->response().text(), "Денег нет.");
}

TEST_F(InitiativeServiceTest, StrangersAreRefused) {
  using absl::StatusCode;
  EXPECT_THAT(Ask(&Stub::CreateInitiative, {}, Proposal()), StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(Ask(&Stub::CreateInitiative, Editor(), Proposal()),
              StatusIs(StatusCode::kPermissionDenied));
  const std::string name = Ask(&Stub::CreateInitiative, Resident("ivan"), Proposal())->name();
  for (const auth::Principal& caller : {Resident("ivan"), Editor(), Admin("a")}) {
    EXPECT_THAT(AskByName(&Stub::ApproveInitiative, caller, name),
                StatusIs(StatusCode::kPermissionDenied));
    EXPECT_THAT(AskByName(&Stub::RejectInitiative, caller, name),
                StatusIs(StatusCode::kPermissionDenied));
  }
  EXPECT_THAT(AskByName(&Stub::SupportInitiative, {}, name),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(AskByName(&Stub::SupportInitiative, Moderator(), name),
              StatusIs(StatusCode::kPermissionDenied));
  for (const auth::Principal& caller : {Resident("ivan"), Moderator(), Admin("a")}) {
    EXPECT_THAT(AskByName(&Stub::RespondToInitiative, caller, name),
                StatusIs(StatusCode::kPermissionDenied));
    EXPECT_THAT(AskByName(&Stub::AddInitiativeStage, caller, name),
                StatusIs(StatusCode::kPermissionDenied));
  }
  EXPECT_THAT(AskByName(&Stub::MergeInitiative, Resident("ivan"), name),
              StatusIs(StatusCode::kPermissionDenied));
  EXPECT_THAT(Ask(&Stub::CreateInitiativeFromAppeals, Resident("ivan"),
                  v1::CreateInitiativeFromAppealsRequest()),
              StatusIs(StatusCode::kPermissionDenied));
}

TEST_F(InitiativeServiceTest, ADiscussionIsForThoseWhoMayTakePart) {
  using absl::StatusCode;
  using Talk = v1::Discussions::Stub;
  const std::string name = Ask(&Stub::CreateInitiative, Resident("ivan"), Proposal())->name();
  ASSERT_OK(AskByName(&Stub::ApproveInitiative, Moderator(), name));
  v1::CreateCommentRequest comment;
  comment.set_parent(name);
  comment.set_text("За дорожку.");
  EXPECT_THAT(Discuss(&Talk::CreateComment, {}, comment), StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(Discuss(&Talk::CreateComment, Admin("a"), comment),
              StatusIs(StatusCode::kPermissionDenied));
  v1::Comment written;
  ASSERT_OK(Discuss(&Talk::CreateComment, Resident("ivan"), comment, &written));
  v1::VoteOnCommentRequest vote;
  vote.set_name(written.name());
  vote.set_value(v1::Comment::UP);
  ASSERT_OK(Discuss(&Talk::VoteOnComment, Resident("petr"), vote));
  EXPECT_THAT(Discuss(&Talk::VoteOnComment, {}, vote), StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(Discuss(&Talk::VoteOnComment, Editor(), vote),
              StatusIs(StatusCode::kPermissionDenied));
  v1::HideCommentRequest hide;
  hide.set_name(written.name());
  hide.set_reason("Грубо.");
  v1::KeepCommentRequest keep;
  keep.set_name(written.name());
  for (const auth::Principal& caller : {Resident("ivan"), Editor(), Admin("a")}) {
    EXPECT_THAT(Discuss(&Talk::HideComment, caller, hide), StatusIs(StatusCode::kPermissionDenied));
    EXPECT_THAT(Discuss(&Talk::KeepComment, caller, keep), StatusIs(StatusCode::kPermissionDenied));
    EXPECT_THAT(Discuss(&Talk::ListReportedComments, caller, v1::ListReportedCommentsRequest()),
                StatusIs(StatusCode::kPermissionDenied));
  }
  v1::CreateStatementRequest statement;
  statement.set_parent(name);
  statement.set_text("Дорожка нужна зимой");
  EXPECT_THAT(Discuss(&Talk::CreateStatement, {}, statement),
              StatusIs(StatusCode::kUnauthenticated));
  v1::Statement stated;
  ASSERT_OK(Discuss(&Talk::CreateStatement, Resident("ivan"), statement, &stated));
  v1::VoteOnStatementRequest judge;
  judge.set_name(stated.name());
  judge.set_value(v1::Statement::AGREE);
  EXPECT_THAT(Discuss(&Talk::VoteOnStatement, Moderator(), judge),
              StatusIs(StatusCode::kPermissionDenied));
  ASSERT_OK(Discuss(&Talk::VoteOnStatement, Resident("petr"), judge));
  v1::GetOpinionMapRequest map;
  map.set_parent(name);
  v1::OpinionMap read;
  ASSERT_OK(Discuss(&Talk::GetOpinionMap, {}, map, &read));
  EXPECT_EQ(read.participant_count(), 1);
  EXPECT_EQ(read.groups_size(), 0);
}

}  // namespace
}  // namespace veche::polling
