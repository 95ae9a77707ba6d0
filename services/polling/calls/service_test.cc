#include <gmock/gmock.h>

#include <filesystem>
#include <sstream>
#include <thread>

#include "common/base/id.h"
#include "common/blind_rsa/client.h"
#include "common/rpc/callback_queue.h"
#include "common/rpc/channels.h"
#include "common/rpc/status.h"
#include "common/rpc/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "services/polling/module.h"
#include "services/polling/protocol/board_file.h"
#include "services/polling/protocol/verify_board.h"
#include "services/polling/protocol/voter_key.h"
#include "services/polling/testing/fake_peers.h"
#include "services/polling/wire/convert.h"
#include "veche/polling/v1/polls.grpc.pb.h"

namespace veche::polling::testing {
namespace {

using rpc::testing::Resident;
using rpc::testing::TestServer;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using veche::testing::HasReason;
using veche::testing::StatusIs;

std::filesystem::path MakeFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "polling-XXXXXX").string();
  return ::mkdtemp(pattern.data());
}

auth::Principal Editor() {
  return {.name = "staff/editor", .roles = {options::v1::ANYONE, options::v1::EDITOR}};
}

// The module with its workers, its own database and fakes of the services that it calls.
class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() {
    rpc::KeepCallbackQueue();
    config_.mutable_polling()->set_small_batches(true);
    peers_ = {Serve("issuer", issuer_), Serve("identity", identity_),
              Serve("directory", directory_)};
    StartModule();
  }
  ~ServiceTest() override {
    StopModule();
    for (const auto& peer : peers_) peer->Shutdown(std::chrono::system_clock::now());
    std::filesystem::remove_all(folder_);
  }

  std::shared_ptr<grpc::Server> Serve(const char* name, grpc::Service& service) {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service);
    std::shared_ptr<grpc::Server> server = builder.BuildAndStart();
    channels_.AddLocal(name, *server);
    return server;
  }
  void StartModule() {
    auto module = CreatePollingModule(environment_);
    ASSERT_OK(module);
    module_ = *std::move(module);
    server_ = std::make_unique<TestServer>(module_->services());
    stub_ = v1::Polls::NewStub(server_->channel());
    ASSERT_OK(module_->Start());
    ASSERT_OK(module_->Ready());
  }
  void StopModule() {
    module_->Stop();
    server_.reset();
    module_.reset();
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(grpc::Status (v1::Polls::Stub::*method)(grpc::ClientContext*,
                                                                       const Request&, Response*),
                               const std::type_identity_t<Request>& request,
                               const auth::Principal& principal = {}) {
    Response response;
    const auto context = server_->ContextFor(principal);
    const absl::Status status =
        rpc::FromGrpc(((*stub_).*method)(context.get(), request, &response));
    return status.ok() ? absl::StatusOr<Response>(response) : status;
  }

  v1::CreatePollRequest Draft() {
    v1::CreatePollRequest request;
    v1::Poll& poll = *request.mutable_poll();
    (*poll.mutable_titles())["en"] = "Park";
    v1::Question& question = *poll.add_questions();
    question.set_type(v1::Question::SINGLE);
    (*question.mutable_texts())["en"] = "Where?";
    for (const char* option : {"North", "South"}) {
      (*question.add_options()->mutable_texts())["en"] = option;
    }
    poll.mutable_close_time()->set_seconds(absl::ToUnixSeconds(clock_.Now()) + 3600);
    poll.mutable_batch()->set_ballots(1);
    return request;
  }
  std::string CreatePoll() {
    const auto poll = Ask(&v1::Polls::Stub::CreatePoll, Draft(), Editor());
    EXPECT_OK(poll);
    return poll.ok() ? poll->name() : "";
  }
  absl::StatusOr<v1::Poll> Open(const std::string& name) {
    v1::OpenPollRequest request;
    request.set_name(name);
    return Ask(&v1::Polls::Stub::OpenPoll, request, Editor());
  }
  absl::StatusOr<v1::Poll> Close(const std::string& name) {
    v1::ClosePollRequest request;
    request.set_name(name);
    return Ask(&v1::Polls::Stub::ClosePoll, request, Editor());
  }
  v1::Poll WaitForState(const std::string& name, v1::Poll::State state) {
    v1::GetPollRequest request;
    request.set_name(name);
    const absl::Time give_up = absl::Now() + absl::Seconds(30);
    while (true) {
      const auto poll = Ask(&v1::Polls::Stub::GetPoll, request);
      if (poll.ok() && poll->state() == state) return *poll;
      if (absl::Now() > give_up) {
        ADD_FAILURE() << name << " is not in state " << state;
        return {};
      }
      std::this_thread::yield();
    }
  }

  // A ballot as a voter's device makes it.
  v1::CreateBallotRequest MakeBallot(const v1::Poll& poll, const std::string& option) {
    const std::string id = PollId(poll.name());
    const crypto::EvpKey key = protocol::GenerateVoterKey();
    const auto issuing = blind_rsa::PublicKey::FromSpki(poll.public_key());
    EXPECT_OK(issuing);
    const blind_rsa::Prepared prepared =
        blind_rsa::Prepare(protocol::CredentialMessage(id, protocol::VoterPublicKey(*key)));
    const auto blinding = blind_rsa::Blind(*issuing, prepared);
    EXPECT_OK(blinding);
    v1::IssueCredentialRequest issue;
    issue.set_name(poll.name());
    issue.set_blinded_message(blinding->blinded);
    const auto issued = Ask(&v1::Polls::Stub::IssueCredential, issue, Resident("a"));
    EXPECT_OK(issued);
    const auto signature =
        blind_rsa::Finalize(*issuing, prepared, issued->blind_signature(), blinding->inverse);
    EXPECT_OK(signature);
    v1::CreateBallotRequest ballot;
    ballot.set_parent(poll.name());
    v1::Answer& answer = *ballot.add_answers();
    answer.set_question("q1");
    answer.add_options(option);
    ballot.set_salt(std::string(32, 's'));
    ballot.set_voter_key(protocol::VoterPublicKey(*key));
    ballot.set_prefix(prepared.prefix);
    ballot.set_signature(*signature);
    ballot.set_counter(1);
    ballot.set_ballot_signature(
        protocol::SignAsVoter(*key, protocol::EncodeBody(ToBallot(ballot))));
    return ballot;
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
  FakeIssuer issuer_;
  FakeIdentity identity_;
  FakeDirectory directory_;
  std::vector<std::shared_ptr<grpc::Server>> peers_;
  std::unique_ptr<rpc::Module> module_;
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<v1::Polls::Stub> stub_;
};

TEST_F(ServiceTest, AVoteIsCountedAndAnybodyCanRecountIt) {
  const std::string name = CreatePoll();
  const auto open = Open(name);
  ASSERT_OK(open);
  EXPECT_EQ(open->state(), v1::Poll::OPEN);
  EXPECT_EQ(open->eligible_count(), 7);
  const auto cast = Ask(&v1::Polls::Stub::CreateBallot, MakeBallot(*open, "o2"));
  ASSERT_OK(cast);
  EXPECT_THAT(issuer_.authorization(), ::testing::StartsWith("Bearer "))
      << "the issuer sees the resident's own token";

  v1::WatchBallotRequest watch;
  watch.set_name(absl::StrCat(name, "/ballots/", cast->ticket()));
  const auto context = server_->ContextFor({});
  const auto stream = stub_->WatchBallot(context.get(), watch);
  v1::WatchBallotResponse receipt;
  ASSERT_TRUE(stream->Read(&receipt));
  EXPECT_EQ(receipt.receipt().board_index(), 1);
  EXPECT_EQ(receipt.receipt().leaf_hash(), cast->leaf_hash());
  EXPECT_FALSE(stream->Read(&receipt)) << "one receipt ends the stream";

  ASSERT_OK(Close(name));
  WaitForState(name, v1::Poll::CLOSED);
  v1::GetResultsRequest ask;
  ask.set_parent(name);
  const auto results = Ask(&v1::Polls::Stub::GetResults, ask);
  ASSERT_OK(results);
  EXPECT_EQ(results->questions(0).options(1).count(), 1);
  EXPECT_THAT(results->faults(), IsEmpty());

  v1::DownloadBoardRequest download;
  download.set_parent(name);
  std::stringstream file;
  const auto download_context = server_->ContextFor({});
  const auto pieces = stub_->DownloadBoard(download_context.get(), download);
  for (google::api::HttpBody piece; pieces->Read(&piece);) file << piece.data();
  auto reader = protocol::BoardFileReader::Open(file);
  ASSERT_OK(reader);
  protocol::BoardVerifier verifier(PollId(name));
  for (std::string entry; *reader->Next(entry);) verifier.Add(entry);
  const protocol::Report report = verifier.Finish(reader->head());
  EXPECT_THAT(report.faults, IsEmpty());
  EXPECT_EQ(report.result_hash, results->result_hash());
}

TEST_F(ServiceTest, APollWaitsForItsIssuerAndGoesOnAfterARestart) {
  const std::string name = CreatePoll();
  issuer_.SetDown(true);
  const auto scheduled = Open(name);
  ASSERT_OK(scheduled);
  EXPECT_THAT(scheduled->public_key(), IsEmpty());
  StopModule();
  issuer_.SetDown(false);
  StartModule();
  const v1::Poll open = WaitForState(name, v1::Poll::OPEN);
  const v1::Poll fixed = [&] {
    v1::Poll poll = open;
    while (poll.public_key().empty()) poll = WaitForState(name, v1::Poll::OPEN);
    return poll;
  }();
  const auto cast = Ask(&v1::Polls::Stub::CreateBallot, MakeBallot(fixed, "o1"));
  ASSERT_OK(cast);
}

TEST_F(ServiceTest, ClosingGoesOnWhenTheIssuerAnswersAgain) {
  const std::string name = CreatePoll();
  const auto open = Open(name);
  ASSERT_OK(open);
  const v1::CreateBallotRequest in_time = MakeBallot(*open, "o1");
  const v1::CreateBallotRequest late = MakeBallot(*open, "o1");
  ASSERT_OK(Ask(&v1::Polls::Stub::CreateBallot, in_time));
  issuer_.SetDown(true);
  ASSERT_OK(Close(name));
  EXPECT_THAT(Ask(&v1::Polls::Stub::CreateBallot, late), HasReason("POLL_CLOSED"));
  StopModule();
  issuer_.SetDown(false);
  StartModule();
  WaitForState(name, v1::Poll::CLOSED);
  v1::GetBoardRequest ask;
  ask.set_parent(name);
  const auto board = Ask(&v1::Polls::Stub::GetBoard, ask);
  ASSERT_OK(board);
  EXPECT_THAT(board->entries(), SizeIs(3)) << "definition, ballot, closing record";
  EXPECT_TRUE(board->statements(0).final());
  EXPECT_THAT(Open(name)->state(), v1::Poll::CLOSED) << "it never opens again";
}

TEST_F(ServiceTest, NothingOfALyingIssuerGoesOntoTheBoard) {
  const std::string name = CreatePoll();
  issuer_.SetLying(true);
  const auto scheduled = Open(name);
  ASSERT_OK(scheduled);
  EXPECT_THAT(scheduled->public_key(), IsEmpty());
  issuer_.SetLying(false);
  v1::GetPollRequest get;
  get.set_name(name);
  while (Ask(&v1::Polls::Stub::GetPoll, get)->public_key().empty()) std::this_thread::yield();
  issuer_.SetLying(true);
  ASSERT_OK(Close(name));
  const int asked = issuer_.closed();
  while (issuer_.closed() == asked) std::this_thread::yield();
  EXPECT_EQ(Ask(&v1::Polls::Stub::GetPoll, get)->state(), v1::Poll::CLOSING);
  issuer_.SetLying(false);
  WaitForState(name, v1::Poll::CLOSED);
}

TEST_F(ServiceTest, AdmitsThoseWhomTheRulesName) {
  const std::string name = CreatePoll();
  v1::GetPollRequest get;
  get.set_name(name);
  EXPECT_THAT(Ask(&v1::Polls::Stub::GetPoll, get), HasReason("POLL_NOT_FOUND")) << "a draft";
  EXPECT_OK(Ask(&v1::Polls::Stub::GetPoll, get, Editor()));
  EXPECT_THAT(Ask(&v1::Polls::Stub::CreatePoll, Draft(), Resident("a")),
              StatusIs(absl::StatusCode::kPermissionDenied));
  v1::OpenPollRequest open;
  open.set_name(name);
  EXPECT_THAT(Ask(&v1::Polls::Stub::OpenPoll, open, Resident("a")),
              StatusIs(absl::StatusCode::kPermissionDenied));
  v1::IssueCredentialRequest issue;
  issue.set_name(name);
  issue.set_blinded_message("x");
  EXPECT_THAT(Ask(&v1::Polls::Stub::IssueCredential, issue),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(Ask(&v1::Polls::Stub::IssueCredential, issue, Editor()),
              StatusIs(absl::StatusCode::kPermissionDenied));
  const auto opened = Open(name);
  ASSERT_OK(opened);
  EXPECT_THAT(Ask(&v1::Polls::Stub::CreateBallot, MakeBallot(*opened, "o1"), Resident("a")),
              StatusIs(absl::StatusCode::kInvalidArgument))
      << "nobody may learn who casts a ballot";
}

TEST_F(ServiceTest, ProvesWhatTheBoardHolds) {
  const std::string name = CreatePoll();
  const auto open = Open(name);
  ASSERT_OK(open);
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(Ask(&v1::Polls::Stub::CreateBallot, MakeBallot(*open, "o1")));
  }
  v1::GetBoardRequest ask;
  ask.set_parent(name);
  while (Ask(&v1::Polls::Stub::GetBoard, ask)->leaf_hashes_size() < 4) std::this_thread::yield();
  v1::GetInclusionProofRequest inclusion;
  inclusion.set_parent(name);
  inclusion.set_index(2);
  inclusion.set_tree_size(3);
  EXPECT_OK(Ask(&v1::Polls::Stub::GetInclusionProof, inclusion));
  inclusion.set_index(3);
  EXPECT_THAT(Ask(&v1::Polls::Stub::GetInclusionProof, inclusion),
              StatusIs(absl::StatusCode::kInvalidArgument));
  v1::GetConsistencyProofRequest consistency;
  consistency.set_parent(name);
  consistency.set_first_size(2);
  EXPECT_OK(Ask(&v1::Polls::Stub::GetConsistencyProof, consistency));
  consistency.set_first_size(0);
  EXPECT_THAT(Ask(&v1::Polls::Stub::GetConsistencyProof, consistency),
              StatusIs(absl::StatusCode::kInvalidArgument));
  ask.set_start(1);
  ask.set_page_size(2);
  const auto page = Ask(&v1::Polls::Stub::GetBoard, ask);
  ASSERT_OK(page);
  EXPECT_THAT(page->leaf_hashes(), SizeIs(2));
  EXPECT_EQ(page->next_start(), 3);
}

}  // namespace
}  // namespace veche::polling::testing
