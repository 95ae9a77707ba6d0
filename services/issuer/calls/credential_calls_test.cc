#include "services/issuer/calls/credential_calls.h"

#include <gtest/gtest.h>

#include "services/issuer/testing/fixture.h"

namespace veche::issuer {
namespace {

using testing::MakePollKey;
using testing::SmallMessage;
using veche::testing::HasReason;
using veche::testing::StatusIs;

// What happens between a signature and its commit, without a network but identity's.
class CredentialCallsTest : public ::testing::Test {
 protected:
  CredentialCallsTest() {
    EXPECT_OK(testing::MigrateAll(database_));
    EXPECT_OK(database_.Write([&](sql::Transaction& transaction) {
      return store_.FindOrAddPollKey(transaction, MakePollKey(vault_, clock_.Now()), clock_.Now())
          .status();
    }));
    fake_.Answer("residents/r", testing::FakeIdentity::Response::REASON_UNSPECIFIED, "districts/a");
  }

  absl::StatusOr<std::string> Issue(unsigned char number, const std::string& scope = "polls/p1") {
    auth::Principal bearer = rpc::testing::Resident("r");
    bearer.scope = scope;
    v1::IssueCredentialRequest request;
    request.set_poll("p1");
    request.set_blinded_message(SmallMessage(testing::SharedKey().public_key(), number));
    const auto response = calls_.IssueCredential(rpc::testing::MakeCall(bearer), request);
    if (!response.ok()) return response.status();
    return response->blind_signature();
  }
  int64_t Issued() {
    int64_t count = 0;
    EXPECT_OK(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
      const auto counts = store_.CountCredentials(transaction, "p1");
      EXPECT_OK(counts);
      count = Sum(*counts);
      return absl::OkStatus();
    }));
    return count;
  }

  const KeyVault vault_{std::string(32, 'k')};
  testing::InterruptedDatabase database_{sql::testing::OpenInMemory()};
  veche::testing::FakeClock clock_;
  Store store_;
  KeyRing keys_{database_, store_, vault_};
  Signer signer_{{.at_once = 2}};
  testing::FakeIdentity fake_;
  rpc::testing::TestServer server_{{&fake_}};
  const std::unique_ptr<identity::v1::Identity::StubInterface> identity_ =
      identity::v1::Identity::NewStub(server_.channel());
  CredentialCalls calls_{{database_, store_, keys_, signer_, *identity_, clock_}};
};

TEST_F(CredentialCallsTest, ATokenForAnotherPollGivesNoCredential) {
  for (const char* scope : {"", "polls/p2", "polls/p", "polls/p11", "p1"}) {
    EXPECT_THAT(Issue(2, scope), HasReason("TOKEN_OF_OTHER_POLL")) << scope;
  }
  EXPECT_EQ(Issued(), 0);
}

TEST_F(CredentialCallsTest, ACommitThatFailsGivesNoCredentialAndAnotherValueIsFree) {
  database_.failure = absl::UnavailableError("killed");
  EXPECT_THAT(Issue(2), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(Issued(), 0);
  database_.failure = absl::OkStatus();
  EXPECT_OK(Issue(3));
  EXPECT_THAT(Issue(2), HasReason("CREDENTIAL_ISSUED"));
  EXPECT_EQ(Issued(), 1);
}

TEST_F(CredentialCallsTest, TheFasterOfTwoValuesWinsBetweenSignatureAndCommit) {
  database_.before = [&] { EXPECT_OK(Issue(3)); };
  EXPECT_THAT(Issue(2), HasReason("CREDENTIAL_ISSUED"));
  EXPECT_EQ(Issued(), 1);
}

TEST_F(CredentialCallsTest, AKeyDestroyedBetweenSignatureAndCommitGivesNoCredential) {
  database_.before = [&] {
    ASSERT_OK(database_.Write([&](sql::Transaction& transaction) {
      return store_.DestroyPollKey(transaction, "p1", DestroyCause::kCall, clock_.Now()).status();
    }));
  };
  EXPECT_THAT(Issue(2), HasReason("POLL_CLOSED"));
  EXPECT_EQ(Issued(), 0);
}

TEST_F(CredentialCallsTest, ARepeatDoesNotAskIdentityAgain) {
  const auto first = Issue(2);
  ASSERT_OK(first);
  fake_.Fail(grpc::Status(grpc::StatusCode::UNAVAILABLE, "down"));
  EXPECT_EQ(Issue(2).value(), *first);
}

TEST_F(CredentialCallsTest, WithoutIdentityNothingIsIssued) {
  fake_.Fail(grpc::Status(grpc::StatusCode::UNAVAILABLE, "down"));
  EXPECT_THAT(Issue(2), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(Issued(), 0);
}

}  // namespace
}  // namespace veche::issuer
