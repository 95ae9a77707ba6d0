#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/base/id.h"
#include "common/blind_rsa/client.h"
#include "common/rpc/callback_queue.h"
#include "common/rpc/channels.h"
#include "common/rpc/status.h"
#include "common/rpc/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "services/polling/module.h"
#include "services/polling/protocol/voter_key.h"
#include "services/polling/testing/fake_peers.h"
#include "services/polling/wire/convert.h"
#include "veche/polling/v1/polls.grpc.pb.h"

namespace veche::polling::testing {

// The module with its workers, its own database and fakes of the services that it calls.
class ServiceTest : public ::testing::Test {
 protected:
  static auth::Principal Editor() {
    return {.name = "staff/editor", .roles = {options::v1::ANYONE, options::v1::EDITOR}};
  }
  static std::filesystem::path MakeFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "polling-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }

  // `second_issuer`: the name of an issuer of another body, which is `second_issuer_`.
  explicit ServiceTest(const std::string& second_issuer = "") : second_issuer_(second_issuer) {
    rpc::KeepCallbackQueue();
    config_.mutable_polling()->set_small_batches(true);
    config_.mutable_polling()->set_second_issuer(second_issuer);
    peers_ = {Serve("issuer", issuer_), Serve("second_issuer", second_issuer_),
              Serve("identity", identity_), Serve("directory", directory_)};
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
    server_ = std::make_unique<rpc::testing::TestServer>(module_->services());
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
  // With the credentials of these issuers; of the city's by default.
  std::string CreatePoll(const std::vector<std::string>& issuers = {}) {
    v1::CreatePollRequest draft = Draft();
    for (const std::string& name : issuers) draft.mutable_poll()->add_issuers()->set_name(name);
    const auto poll = Ask(&v1::Polls::Stub::CreatePoll, draft, Editor());
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
    const auto issued = Ask(&v1::Polls::Stub::IssueCredential, issue, rpc::testing::Resident("a"));
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
  const std::shared_ptr<rpc::testing::RecordingLogger> logger_ =
      std::make_shared<rpc::testing::RecordingLogger>();
  rpc::Environment environment_{config_,
                                folder_,
                                channels_,
                                rpc::testing::TestServer::verifier(),
                                clock_,
                                ids_,
                                [this] {
                                  observe::Telemetry telemetry = observe::NullTelemetry();
                                  telemetry.logger = logger_;
                                  return telemetry;
                                }(),
                                {},
                                rpc::testing::SuiteCallers({"appeals"})};
  FakeIssuer issuer_;
  FakeIssuer second_issuer_;
  FakeIdentity identity_;
  FakeDirectory directory_;
  std::vector<std::shared_ptr<grpc::Server>> peers_;
  std::unique_ptr<rpc::Module> module_;
  std::unique_ptr<rpc::testing::TestServer> server_;
  std::unique_ptr<v1::Polls::Stub> stub_;
};

}  // namespace veche::polling::testing
