#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "common/auth/access.h"
#include "common/rpc/callback_queue.h"
#include "common/rpc/status.h"
#include "common/rpc/testing.h"
#include "services/polling/module.h"
#include "services/polling/testing/fake_peers.h"
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

using Stub = v1::Initiatives::Stub;

class InitiativeServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    rpc::KeepCallbackQueue();
    peer_ = ServeClassification();
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
    classification_.SetSilent(false);
    peer_->Shutdown(std::chrono::system_clock::now());
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
  // The name of an initiative that gathers support.
  std::string Publish() {
    const std::string name = Ask(&Stub::CreateInitiative, Resident("ivan"), Proposal())->name();
    EXPECT_OK(AskByName(&Stub::ApproveInitiative, Moderator(), name));
    return name;
  }
  absl::StatusOr<v1::Comment> Comment(const std::string& initiative, const auth::Principal& caller,
                                      const std::string& text) {
    v1::CreateCommentRequest request;
    request.set_parent(initiative);
    request.set_text(text);
    v1::Comment comment;
    absl::Status status = Discuss(&v1::Discussions::Stub::CreateComment, caller, request, &comment);
    if (!status.ok()) return status;
    return comment;
  }
  std::shared_ptr<grpc::Server> ServeClassification() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&classification_);
    std::shared_ptr<grpc::Server> server = builder.BuildAndStart();
    channels_.AddLocal("classification", *server);
    return server;
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
  testing::FakeClassification classification_;
  std::shared_ptr<grpc::Server> peer_;
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

TEST_F(InitiativeServiceTest, OnlyCommandsEndTheGatheringEarly) {
  const std::string name = Publish();
  for (const auth::Principal& caller : {auth::Principal(), Resident("ivan"), Moderator(), Editor(),
                                        Admin("a"), rpc::testing::Service("notifications")}) {
    EXPECT_FALSE(AskByName(&Stub::ExpireInitiative, caller, name).ok()) << caller.name;
  }
  const auto expired =
      AskByName(&Stub::ExpireInitiative, rpc::testing::Service(auth::kCommands), name);
  ASSERT_OK(expired);
  EXPECT_EQ(expired->state(), v1::Initiative::EXPIRED);
  EXPECT_THAT(AskByName(&Stub::SupportInitiative, Resident("a"), name),
              veche::testing::HasReason("INITIATIVE_NOT_OPEN"));
}

TEST_F(InitiativeServiceTest, TextsOfNewAccountsAreCheckedForSpam) {
  const std::string name = Publish();
  const auth::Principal fresh = Resident(ids_.New());
  const auto honest = Comment(name, fresh, "За дорожку.");
  ASSERT_OK(honest);
  EXPECT_FALSE(honest->hidden());
  const auto spam = Comment(name, fresh, "Лучшее казино города");
  EXPECT_THAT(spam, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(spam.status().message(), ::testing::HasSubstr("reads like an advert"));
  EXPECT_OK(Comment(name, Resident("ivan"), "Закройте казино."));
}

TEST_F(InitiativeServiceTest, ACommentIsHeldWhenClassificationDoesNotAnswer) {
  const std::string name = Publish();
  const auth::Principal fresh = Resident(ids_.New());
  classification_.SetSilent(true);
  const auto held = Comment(name, fresh, "За дорожку.");
  ASSERT_OK(held);
  EXPECT_TRUE(held->held());
  v1::ListReportedCommentsResponse reported;
  ASSERT_OK(Discuss(&v1::Discussions::Stub::ListReportedComments, Moderator(),
                    v1::ListReportedCommentsRequest(), &reported));
  ASSERT_EQ(reported.comments_size(), 1);
  EXPECT_TRUE(reported.comments(0).held());
  classification_.SetSilent(false);
  classification_.SetDown(true);
  const auto down = Comment(name, fresh, "За дорожку и сквер.");
  ASSERT_OK(down);
  EXPECT_TRUE(down->held());
  EXPECT_FALSE(Comment(name, Resident("ivan"), "И я.")->held());
}

}  // namespace
}  // namespace veche::polling
