#include "services/identity/calls/issuer_token_calls.h"

#include <gmock/gmock.h>

#include "services/identity/testing/fixture.h"

namespace veche::identity {
namespace {

using ::testing::HasSubstr;
using veche::testing::HasReason;
using veche::testing::StatusIs;

class IssuerTokenCallsTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> Create(const std::string& issuer, const std::string& poll) {
    auth::Principal caller = rpc::testing::Resident("r");
    caller.roles.Add(options::v1::EDITOR);  // no token has both, but what if
    caller.department = "departments/roads";
    caller.session = "s1";
    v1::CreateIssuerTokenRequest request;
    request.set_issuer(issuer);
    request.set_poll(poll);
    const auto response =
        identity_.issuer_tokens.CreateIssuerToken(rpc::testing::MakeCall(caller), request);
    if (!response.ok()) return response.status();
    return response->token();
  }

  testing::Identity identity_;
  auth::TokenVerifier verifier_{
      [this]() -> absl::StatusOr<std::vector<auth::PublicKey>> {
        return std::vector<auth::PublicKey>{identity_.signer->public_key()};
      },
      identity_.clock};
};

TEST_F(IssuerTokenCallsTest, TheTokenSaysTheNameAloneAndOpensOneIssuerForTwoMinutes) {
  const auto token = Create("union", "p1");
  ASSERT_OK(token);
  EXPECT_THAT(verifier_.Verify(*token), HasReason("TOKEN_INVALID"));
  EXPECT_THAT(verifier_.Verify(*token, "issuer:city"), HasReason("TOKEN_INVALID"));
  const auto bearer = verifier_.Verify(*token, "issuer:union");
  ASSERT_OK(bearer);
  EXPECT_EQ(bearer->name, "residents/r");
  EXPECT_EQ(bearer->roles, auth::Roles({options::v1::ANYONE, options::v1::RESIDENT}));
  EXPECT_EQ(bearer->scope, "polls/p1");
  EXPECT_EQ(bearer->department + bearer->session + bearer->locale, "");
  identity_.clock.Advance(absl::Minutes(2));
  EXPECT_THAT(verifier_.Verify(*token, "issuer:union"), HasReason("TOKEN_EXPIRED"));
}

TEST_F(IssuerTokenCallsTest, WrongNamesAreRefusedByTheFieldsName) {
  for (const std::string& wrong : {std::string(), std::string("a/b"), std::string("Union"),
                                   std::string("a:b"), std::string(33, 'a')}) {
    const auto issuer = Create(wrong, "p1");
    EXPECT_THAT(issuer, StatusIs(absl::StatusCode::kInvalidArgument)) << wrong;
    EXPECT_THAT(issuer.status().ToString(), HasSubstr("issuer"));
    EXPECT_THAT(Create("union", wrong).status().ToString(), HasSubstr("poll"));
  }
}

}  // namespace
}  // namespace veche::identity
