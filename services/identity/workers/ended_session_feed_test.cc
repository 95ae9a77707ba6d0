#include "services/identity/workers/ended_session_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "common/rpc/dispatcher.h"
#include "common/rpc/status.h"
#include "services/identity/calls/binding.h"
#include "services/identity/testing/fixture.h"
#include "veche/identity/v1/sessions.grpc.pb.h"

namespace veche::identity {
namespace {

using ::testing::Contains;
using testing::Identity;
using ::testing::IsEmpty;
using veche::testing::HasReason;

// One replica's hub, feed and server on the database of `identity`.
class Replica {
 public:
  explicit Replica(Identity& identity)
      : feed_(hub_, *identity.database, identity.store, identity.clock, telemetry_) {
    auto dispatcher = rpc::Dispatcher::Create(
        {.service = "identity", .callers = rpc::testing::SuiteCallers(), .texts = TextFiles()},
        {rpc::ServiceBuilder("veche.identity.v1.Sessions")
             .Subscribe(calls_, &SessionCalls::FollowEndedSessions)},
        rpc::testing::TestServer::verifier(), nullptr, identity.clock, telemetry_);
    EXPECT_OK(dispatcher);
    dispatcher_ = *std::move(dispatcher);
    server_ = std::make_unique<rpc::testing::TestServer>(dispatcher_->services());
    feed_.Start();
  }
  ~Replica() {
    hub_.Stop();
    dispatcher_->Shutdown();
    server_.reset();
  }

  rpc::testing::TestServer& server() { return *server_; }
  EndedSessionFeed& feed() { return feed_; }
  EndedSessionHub& hub() { return hub_; }

 private:
  observe::Telemetry telemetry_ = observe::NullTelemetry();
  EndedSessionHub hub_{EndedSessionHubOptions()};
  EndedSessionFeed feed_;
  SessionCalls calls_{hub_};
  std::unique_ptr<rpc::Dispatcher> dispatcher_;
  std::unique_ptr<rpc::testing::TestServer> server_;
};

// An open stream.
class Following {
 public:
  Following(Replica& replica, const auth::Principal& caller)
      : context_(replica.server().ContextFor(caller)),
        stream_(v1::Sessions::NewStub(replica.server().channel())
                    ->FollowEndedSessions(context_.get(), {})) {}
  ~Following() {
    context_->TryCancel();
    End().IgnoreError();
  }

  // The sessions of the next message.
  std::set<std::string> Next() {
    EXPECT_TRUE(stream_->Read(&response_));
    std::set<std::string> sessions;
    for (const v1::EndedSession& session : response_.sessions()) sessions.insert(session.session());
    return sessions;
  }
  // The end of the stream.
  absl::Status End() {
    if (std::exchange(ended_, true)) return absl::OkStatus();
    while (stream_->Read(&response_)) {
    }
    return rpc::FromGrpc(stream_->Finish());
  }

 private:
  const std::unique_ptr<grpc::ClientContext> context_;
  const std::unique_ptr<grpc::ClientReader<v1::FollowEndedSessionsResponse>> stream_;
  v1::FollowEndedSessionsResponse response_;
  bool ended_ = false;
};

class EndedSessionFeedTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    auto database = GetParam().open();
    if (database == nullptr) GTEST_SKIP() << "no " << GetParam().name << " here";
    identity_ = std::make_unique<Identity>(std::move(database));
    replica_ = std::make_unique<Replica>(*identity_);
    staff_ = identity_->CreateStaff("boris", kPassword)->name();
  }

  // Signs in and returns the session and its refresh token.
  std::pair<std::string, std::string> SignIn() {
    const auto signed_in = identity_->SignIn("boris", kPassword);
    EXPECT_OK(signed_in);
    auth::TokenVerifier verifier(
        [this] { return std::vector<auth::PublicKey>{identity_->signer->public_key()}; },
        identity_->clock);
    return {verifier.Verify(signed_in->access_token())->session, signed_in->refresh_token()};
  }
  void SignOut(const std::string& refresh_token) {
    v1::SignOutRequest request;
    request.set_refresh_token(refresh_token);
    EXPECT_OK(identity_->sign_in.SignOut(rpc::testing::MakeCall(), request));
  }
  void Disable() {
    v1::UpdateStaffRequest request;
    request.set_name(staff_);
    request.set_disabled(true);
    EXPECT_OK(
        identity_->accounts.UpdateStaff(rpc::testing::MakeCall(rpc::testing::Admin("a")), request));
  }

  const std::string kPassword = "correct horse battery";
  std::string staff_;
  std::unique_ptr<Identity> identity_;
  std::unique_ptr<Replica> replica_;
};

INSTANTIATE_TEST_SUITE_P(, EndedSessionFeedTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

TEST_P(EndedSessionFeedTest, FirstWhatHasEndedThenEachAsItEnds) {
  const auto [first, refresh_token] = SignIn();
  const std::string second = SignIn().first;
  const std::string third = SignIn().first;
  SignOut(refresh_token);
  Following appeals(*replica_, rpc::testing::Service("appeals"));
  EXPECT_EQ(appeals.Next(), std::set<std::string>{first});
  Disable();
  replica_->feed().Ended();
  EXPECT_EQ(appeals.Next(), (std::set<std::string>{second, third}));
}

TEST_P(EndedSessionFeedTest, ASessionThatEndedLongAgoHasNoValidToken) {
  SignIn();
  Disable();
  identity_->clock.Advance(kKeepEndedSessions + absl::Seconds(1));
  Following gateway(*replica_, rpc::testing::Service("gateway"));
  EXPECT_THAT(gateway.Next(), IsEmpty());
}

TEST_P(EndedSessionFeedTest, OtherReplicasTellToo) {
  if (identity_->database->engine() == sql::Engine::kSqlite) return;
  Replica other(*identity_);
  Following appeals(other, rpc::testing::Service("appeals"));
  EXPECT_THAT(appeals.Next(), IsEmpty());
  const std::string session = SignIn().first;
  Disable();
  replica_->feed().Ended();
  EXPECT_THAT(appeals.Next(), Contains(session));
}

TEST_P(EndedSessionFeedTest, ForServicesOnly) {
  EXPECT_THAT(Following(*replica_, {}).End(), HasReason("TOKEN_REQUIRED"));
  EXPECT_THAT(Following(*replica_, rpc::testing::Admin("a")).End(), HasReason("ROLE_REQUIRED"));
}

TEST_P(EndedSessionFeedTest, TheEndsAreForgottenWhenTheTokensHaveExpired) {
  SignIn();
  Disable();
  const auto count = [&] {
    const auto ended = identity_->Write([&](sql::Transaction& transaction) {
      return identity_->store.ListEndedSessions(transaction, absl::InfinitePast());
    });
    return ended->size();
  };
  EXPECT_EQ(count(), 1u);
  identity_->clock.Advance(kKeepEndedSessions + absl::Seconds(1));
  ASSERT_OK(identity_->Write([&](sql::Transaction& transaction) {
    return identity_->store.Prune(transaction, identity_->clock.Now());
  }));
  EXPECT_EQ(count(), 0u);
}

}  // namespace
}  // namespace veche::identity
