#include "tests/anonymity/adversary.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/id.h"
#include "common/blind_rsa/client.h"
#include "common/crypto/random.h"
#include "common/crypto/sha256.h"
#include "common/merkle/tree.h"
#include "common/rpc/callback_queue.h"
#include "common/rpc/channels.h"
#include "common/rpc/status.h"
#include "common/rpc/testing.h"
#include "common/testing/status_matchers.h"
#include "services/issuer/module.h"
#include "services/polling/module.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/protocol/voter_key.h"
#include "services/polling/wire/convert.h"
#include "veche/identity/v1/identity.grpc.pb.h"
#include "veche/polling/v1/polls.grpc.pb.h"

// What the adversary reads here: every table of the databases of the issuer and of polling,
// including the answers kept under Idempotency-Keys, in every order; and every line that either of
// them logs. The gateway keeps no table. What the adversary knows besides: the order in which the
// residents got their credentials, and which residents are in which batch. What the adversary does
// not read here: write-ahead files and system columns of the database, memory, and the network;
// docs/polling-protocol.md says what these tell.

namespace veche::testing {
namespace {

using polling::PollId;
using polling::v1::Poll;
using polling::v1::Polls;
using rpc::testing::Resident;
using rpc::testing::TestServer;

constexpr int kBatch = 20;

// Admits everybody.
class FakeIdentity final : public identity::v1::Identity::Service {
 public:
  std::atomic<bool> down = false;  // who may vote is not answered

  grpc::Status CheckEligibility(grpc::ServerContext*, const identity::v1::CheckEligibilityRequest*,
                                identity::v1::CheckEligibilityResponse* response) override {
    response->set_eligible(true);
    return down ? grpc::Status(grpc::StatusCode::INTERNAL, "down") : grpc::Status::OK;
  }
  grpc::Status CountEligible(grpc::ServerContext*, const identity::v1::CountEligibleRequest*,
                             identity::v1::CountEligibleResponse* response) override {
    response->set_count(100'000);
    return grpc::Status::OK;
  }
  grpc::Status CreateIssuerToken(grpc::ServerContext* context,
                                 const identity::v1::CreateIssuerTokenRequest* request,
                                 identity::v1::CreateIssuerTokenResponse* response) override {
    const auto header = context->client_metadata().find("authorization");
    absl::string_view token(header->second.data(), header->second.size());
    absl::ConsumePrefix(&token, "Bearer ");
    auto bearer = TestServer::verifier().Verify(token);
    if (!bearer.ok()) return {grpc::StatusCode::UNAUTHENTICATED, ""};
    bearer->audience = absl::StrCat("issuer:", request->issuer());
    bearer->scope = absl::StrCat("polls/", request->poll());
    bearer->expires = absl::InfiniteFuture();  // of the caller's token
    const auto options = TestServer::DirectOptionsFor(*bearer);
    absl::string_view made = options.metadata.at(0).second;
    absl::ConsumePrefix(&made, "Bearer ");
    response->set_token(std::string(made));
    return grpc::Status::OK;
  }
};

// The issuer and polling as a process runs them, and residents who vote.
class AdversaryTest : public ::testing::Test {
 protected:
  AdversaryTest() {
    rpc::KeepCallbackQueue();
    config_.mutable_polling()->set_small_batches(true);
    identity_server_ = Serve("identity", {&identity_});
    issuer_ = Create(issuer::CreateIssuerModule);
    issuer_server_ = Serve("issuer", issuer_->services());
    EXPECT_OK(issuer_->Start());
    polling_ = Create(polling::CreatePollingModule);
    server_ = std::make_unique<TestServer>(polling_->services());
    polls_ = Polls::NewStub(server_->channel());
    EXPECT_OK(polling_->Start());
  }
  ~AdversaryTest() override {
    polling_->Stop();
    server_.reset();
    polling_.reset();
    issuer_->Stop();
    issuer_server_->Shutdown(std::chrono::system_clock::now());
    issuer_.reset();
    identity_server_->Shutdown(std::chrono::system_clock::now());
    std::filesystem::remove_all(folder_);
  }

  static std::filesystem::path MakeFolder() {
    // In memory where that is possible: each vote is two durable commits.
    const std::filesystem::path memory = "/dev/shm";
    const auto parent =
        std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
    std::string pattern = (parent / "anonymity-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }
  std::unique_ptr<rpc::Module> Create(rpc::ModuleFactory create) {
    observe::Telemetry telemetry = observe::NullTelemetry();
    telemetry.logger = logger_;
    auto module = create({config_,
                          folder_,
                          channels_,
                          TestServer::verifier(),
                          clock_,
                          ids_,
                          telemetry,
                          {},
                          rpc::testing::SuiteCallers()});
    EXPECT_OK(module);
    return *std::move(module);
  }
  std::unique_ptr<grpc::Server> Serve(const char* name,
                                      const std::vector<grpc::Service*>& services) {
    grpc::ServerBuilder builder;
    for (grpc::Service* service : services) builder.RegisterService(service);
    std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    channels_.AddLocal(name, *server);
    return server;
  }

  // Eager clients send an Idempotency-Key with everything.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(grpc::Status (Polls::Stub::*method)(grpc::ClientContext*,
                                                                   const Request&, Response*),
                               const std::type_identity_t<Request>& request,
                               const auth::Principal& principal = {}) {
    Response response;
    const auto context = server_->ContextFor(principal);
    context->AddMetadata("idempotency-key", absl::BytesToHexString(crypto::RandomBytes(16)));
    const absl::Status status =
        rpc::FromGrpc(((*polls_).*method)(context.get(), request, &response));
    return status.ok() ? absl::StatusOr<Response>(response) : status;
  }

  Poll OpenPoll(int batch) {
    const auth::Principal editor = {.name = "staff/editor",
                                    .roles = {options::v1::ANYONE, options::v1::EDITOR}};
    polling::v1::CreatePollRequest request;
    Poll& poll = *request.mutable_poll();
    (*poll.mutable_titles())["en"] = "Park";
    polling::v1::Question& question = *poll.add_questions();
    question.set_type(polling::v1::Question::SINGLE);
    (*question.mutable_texts())["en"] = "Where?";
    for (const char* option : {"North", "South"}) {
      (*question.add_options()->mutable_texts())["en"] = option;
    }
    poll.mutable_close_time()->set_seconds(absl::ToUnixSeconds(clock_.Now()) + 36'000);
    poll.mutable_batch()->set_ballots(batch);
    poll.mutable_batch()->set_seconds(86'400);
    const auto created = Ask(&Polls::Stub::CreatePoll, request, editor);
    EXPECT_OK(created);
    polling::v1::OpenPollRequest open;
    open.set_name(created->name());
    auto opened = Ask(&Polls::Stub::OpenPoll, open, editor);
    EXPECT_OK(opened);
    EXPECT_FALSE(opened->public_key().empty());
    return *std::move(opened);
  }

  // The voter `number` gets a credential and casts a ballot at once, and then makes the mistakes
  // that voters make: asks again with another value, and sends the ballot again and changed.
  // Somebody else asks while identity is broken, so that there is a fault to log.
  void Vote(const Poll& poll, int number) {
    const std::string id = PollId(poll.name());
    // Not the ids that identity makes, whose order is that of registration.
    const std::string resident =
        absl::AsciiStrToLower(absl::BytesToHexString(crypto::RandomBytes(13)));
    const crypto::EvpKey key = polling::protocol::GenerateVoterKey();
    const std::string voter_key = polling::protocol::VoterPublicKey(*key);
    const auto issuing = blind_rsa::PublicKey::FromSpki(poll.public_key());
    const blind_rsa::Prepared prepared =
        blind_rsa::Prepare(polling::protocol::CredentialMessage(id, voter_key));
    const auto blinding = blind_rsa::Blind(*issuing, prepared);
    ASSERT_OK(blinding);
    polling::v1::IssueCredentialRequest issue;
    issue.set_name(poll.name());
    issue.set_blinded_message(blinding->blinded);
    const auto issued = Ask(&Polls::Stub::IssueCredential, issue, Resident(resident));
    ASSERT_OK(issued);
    const auto signature =
        blind_rsa::Finalize(*issuing, prepared, issued->blind_signature(), blinding->inverse);
    ASSERT_OK(signature);

    polling::v1::CreateBallotRequest ballot;
    ballot.set_parent(poll.name());
    polling::v1::Answer& answer = *ballot.add_answers();
    answer.set_question("q1");
    answer.add_options(number % 2 == 0 ? "o1" : "o2");
    ballot.set_salt(crypto::RandomBytes(32));
    ballot.set_voter_key(voter_key);
    ballot.set_prefix(prepared.prefix);
    ballot.set_signature(*signature);
    ballot.set_counter(1);
    ballot.set_ballot_signature(polling::protocol::SignAsVoter(
        *key, polling::protocol::EncodeBody(polling::ToBallot(ballot))));
    const auto cast = Ask(&Polls::Stub::CreateBallot, ballot);
    ASSERT_OK(cast);

    const std::string entry = polling::protocol::EncodeEntry(polling::ToBallot(ballot));
    for (const std::string& trace :
         {absl::StrCat("residents/", resident), resident, blinding->blinded,
          crypto::Sha256(blinding->blinded), issued->blind_signature()}) {
      residents_.emplace(trace, number);
    }
    for (const std::string& trace :
         {entry, cast->leaf_hash(), cast->ticket(), voter_key, crypto::Sha256(voter_key),
          *signature, prepared.prefix, ballot.salt(), ballot.ballot_signature()}) {
      ballots_.emplace(trace, number);
    }
    texts_.push_back(resident);
    texts_.push_back(cast->ticket());
    for (const std::string& bytes : {cast->leaf_hash(), crypto::Sha256(voter_key)}) {
      texts_.push_back(absl::BytesToHexString(bytes));
      texts_.push_back(absl::Base64Escape(bytes));
    }

    if (number % kBatch != 0) return;
    issue.set_blinded_message(std::string(blinding->blinded.size(), '\x01'));
    EXPECT_FALSE(Ask(&Polls::Stub::IssueCredential, issue, Resident(resident)).ok());
    issue.set_blinded_message(blinding->blinded);
    identity_.down = true;
    EXPECT_FALSE(Ask(&Polls::Stub::IssueCredential, issue, Resident("unlucky")).ok());
    identity_.down = false;
    texts_.emplace_back("unlucky");
    EXPECT_OK(Ask(&Polls::Stub::CreateBallot, ballot));
    ballot.set_counter(2);
    EXPECT_FALSE(Ask(&Polls::Stub::CreateBallot, ballot).ok()) << "not signed";
  }

  void AwaitBoard(const Poll& poll, int ballots) {
    polling::v1::GetBoardRequest request;
    request.set_parent(poll.name());
    request.set_page_size(1);
    const absl::Time give_up = absl::Now() + absl::Seconds(60);
    while (true) {
      const auto board = Ask(&Polls::Stub::GetBoard, request);
      ASSERT_OK(board);
      if (board->signed_head().tree_size() > ballots) return;
      ASSERT_LT(absl::Now(), give_up);
      std::this_thread::yield();
    }
  }

  std::vector<Reading> ReadDatabases() {
    std::vector<Reading> readings;
    for (const char* file : {"issuer.db", "polling.db"}) {
      for (Reading& reading : ReadAll(folder_ / file, residents_, ballots_)) {
        readings.push_back(std::move(reading));
      }
    }
    return readings;
  }

  // Nothing that is kept pairs residents with ballots better than chance, nor tells who asked
  // first. Returns how many of the readings told of ballots.
  int ExpectNothing(const std::vector<Reading>& readings) {
    int of_ballots = 0;
    for (const Reading& reading : readings) {
      EXPECT_FALSE(reading.linked) << reading.order;
      EXPECT_TRUE(reading.residents.empty() ||
                  absl::StartsWith(reading.order, "issuer.db: credentials"))
          << "residents in " << reading.order;
      EXPECT_LE(RightPairs(reading.residents), MostByChance(reading.residents.size(), kBatch))
          << reading.order;
      EXPECT_LE(RightPairs(reading.ballots), MostByChance(reading.ballots.size(), kBatch))
          << reading.order;
      of_ballots += reading.ballots.empty() ? 0 : 1;
    }
    return of_ballots;
  }

  const std::filesystem::path folder_ = MakeFolder();
  config::v1::Config config_;
  rpc::Channels channels_{config_};
  SystemClock clock_;
  UlidSource ids_{clock_};
  const std::shared_ptr<rpc::testing::RecordingLogger> logger_ =
      std::make_shared<rpc::testing::RecordingLogger>();
  FakeIdentity identity_;
  std::unique_ptr<grpc::Server> identity_server_;
  std::unique_ptr<rpc::Module> issuer_;
  std::unique_ptr<grpc::Server> issuer_server_;
  std::unique_ptr<rpc::Module> polling_;
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<Polls::Stub> polls_;
  Traces residents_;
  Traces ballots_;
  std::vector<std::string> texts_;  // what no log line may have
};

TEST_F(AdversaryTest, TablesAndLogsPairResidentsWithBallotsNoBetterThanChance) {
  constexpr int kVoters = 2'000;
  const Poll poll = OpenPoll(kBatch);
  for (int i = 0; i < kVoters; ++i) {
    ASSERT_NO_FATAL_FAILURE(Vote(poll, i));
    if ((i + 1) % kBatch == 0) AwaitBoard(poll, i + 1);
    if (i == kVoters / 2 + 12) {
      EXPECT_GT(ExpectNothing(ReadDatabases()), 0) << "while 13 ballots wait";
    }
  }
  const std::vector<Reading> readings = ReadDatabases();
  EXPECT_GT(ExpectNothing(readings), 0);
  size_t residents = 0, on_board = 0;
  for (const Reading& reading : readings) {
    if (reading.order == "issuer.db: credentials") residents = reading.residents.size();
    if (reading.order == "polling.db: board_entries by idx") on_board = reading.ballots.size();
  }
  EXPECT_EQ(residents, static_cast<size_t>(kVoters)) << "the adversary does not see the rows";
  EXPECT_EQ(on_board, static_cast<size_t>(kVoters)) << "the adversary does not see the rows";

  const std::string log = logger_->text();
  EXPECT_TRUE(absl::StrContains(log, "call failed")) << "the adversary does not see the log";
  for (const std::string& text : texts_) {
    ASSERT_FALSE(absl::StrContains(log, text)) << "the log has " << text;
  }
}

// The test above finds what there is to find: without batches, the board tells everything.
TEST_F(AdversaryTest, WithoutBatchesTheOrderTellsEverything) {
  constexpr int kVoters = 100;
  const Poll poll = OpenPoll(/*batch=*/1);
  for (int i = 0; i < kVoters; ++i) {
    ASSERT_NO_FATAL_FAILURE(Vote(poll, i));
    AwaitBoard(poll, i + 1);
  }
  int found = 0;
  for (const Reading& reading : ReadDatabases()) {
    if (reading.order == "polling.db: board_entries by idx") found = RightPairs(reading.ballots);
  }
  EXPECT_EQ(found, kVoters);
  EXPECT_GT(found, MostByChance(kVoters, kBatch));
}

}  // namespace
}  // namespace veche::testing
