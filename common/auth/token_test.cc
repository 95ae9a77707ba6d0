#include "common/auth/token.h"

#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/auth/jwt.h"
#include "common/crypto/ed25519.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"

namespace veche::auth {
namespace {

using ::testing::SizeIs;
using ::veche::testing::HasReason;
using ::veche::testing::StatusIs;

Principal AnOfficer() {
  return {.name = "staff/01j",
          .roles = {options::v1::ANYONE, options::v1::OFFICER, options::v1::EDITOR},
          .department = "departments/roads",
          .session = "s1",
          .locale = "tt"};
}

class TokenTest : public ::testing::Test {
 protected:
  // `token` with a part replaced by the base64url of `text`.
  std::string WithPart(size_t part, absl::string_view text) const {
    std::vector<std::string> parts = absl::StrSplit(token_, '.');
    parts[part] = absl::WebSafeBase64Escape(text);
    return absl::StrJoin(parts, ".");
  }
  // A token of any header and claims with a valid signature.
  std::string Signed(absl::string_view header, absl::string_view claims) const {
    std::string text =
        absl::StrCat(absl::WebSafeBase64Escape(header), ".", absl::WebSafeBase64Escape(claims));
    const std::string signature =
        crypto::Ed25519Sign(**crypto::Ed25519FromPem(signer_->ToPem()), text);
    return FinishToken(std::move(text), signature);
  }
  std::string Header(absl::string_view alg = "EdDSA", absl::string_view more = "") const {
    return absl::StrCat("{\"alg\":\"", alg, "\",\"typ\":\"JWT\",\"kid\":\"",
                        signer_->public_key().id, "\"", more, "}");
  }
  std::string Claims(absl::string_view iss, int64_t issued, int64_t expires,
                     absl::string_view more = "") const {
    const int64_t now = absl::ToUnixSeconds(clock_.Now());
    return absl::StrCat("{\"iss\":\"", iss, "\",\"sub\":\"residents/a\",\"iat\":", now + issued,
                        ",\"exp\":", now + expires, more, "}");
  }

  veche::testing::FakeClock clock_;
  std::unique_ptr<TokenSigner> signer_ = TokenSigner::Generate();
  absl::StatusOr<std::vector<PublicKey>> keys_ = std::vector<PublicKey>{signer_->public_key()};
  int fetches_ = 0;
  TokenVerifier verifier_{[this] {
                            ++fetches_;
                            return keys_;
                          },
                          clock_};
  const std::string token_ = signer_->Sign(AnOfficer(), clock_.Now());
};

TEST_F(TokenTest, OfAnEndedSessionIsRefused) {
  ASSERT_OK(verifier_.Verify(token_));  // in the cache
  Principal other = AnOfficer();
  other.session = "s2";
  const std::string others = signer_->Sign(other, clock_.Now());
  verifier_.ended_sessions().Add("s1", clock_.Now() + kAccessTokenLifetime);
  EXPECT_THAT(verifier_.Verify(token_), HasReason("TOKEN_EXPIRED"));
  EXPECT_OK(verifier_.Verify(others));
}

TEST_F(TokenTest, CarriesThePrincipal) {
  for (int i = 0; i < 2; ++i) {  // the second time from the cache
    auto principal = verifier_.Verify(token_);
    ASSERT_OK(principal);
    EXPECT_EQ(principal->name, "staff/01j");
    EXPECT_EQ(principal->roles, AnOfficer().roles);
    EXPECT_EQ(principal->department, "departments/roads");
    EXPECT_EQ(principal->session, "s1");
    EXPECT_EQ(principal->locale, "tt");
  }
  EXPECT_EQ(fetches_, 1);
}

TEST_F(TokenTest, ATokenIsAcceptedByItsAudienceAlone) {
  const auto token_for = [this](std::string audience) {
    return signer_->Sign({.name = "residents/a", .audience = std::move(audience)}, clock_.Now());
  };
  const struct {
    const char* of_token;
    const char* of_service;
    bool accepted;
  } kCases[] = {
      {"", "", true},
      {"", "issuer:union", false},
      {"issuer:union", "", false},
      {"issuer:union", "issuer:union", true},
      {"issuer:union", "issuer:city", false},
      {"issuer:union", "issuer:unio", false},
      {"issuer:union", "issuer:union2", false},
      {"issuer:union", "Issuer:Union", false},
  };
  for (const auto& [of_token, of_service, accepted] : kCases) {
    const std::string token = token_for(of_token);
    for (int i = 0; i < 2; ++i) {  // the second time from the cache
      const auto verified = verifier_.Verify(token, of_service);
      EXPECT_EQ(verified.ok(), accepted) << of_token << " at " << of_service;
      if (!accepted) {
        EXPECT_THAT(verified, HasReason("TOKEN_INVALID"));
      }
    }
  }
}

TEST_F(TokenTest, ATokenWithAnAudienceSaysWhatItIsForAndLivesShortly) {
  const std::string token = signer_->Sign(
      {.name = "residents/a", .audience = "issuer:union", .scope = "polls/p1"}, clock_.Now());
  const auto principal = verifier_.Verify(token, "issuer:union");
  ASSERT_OK(principal);
  EXPECT_EQ(principal->scope, "polls/p1");
  clock_.Advance(kAudienceTokenLifetime - absl::Seconds(1));
  EXPECT_OK(verifier_.Verify(token, "issuer:union"));
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(verifier_.Verify(token, "issuer:union"), HasReason("TOKEN_EXPIRED"));
  EXPECT_THAT(verifier_.Verify(token), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(TokenTest, RefusesAudiencesThatItDoesNotUnderstand) {
  for (const char* more : {",\"aud\":[\"issuer:union\"]", ",\"aud\":{}", ",\"aud\":\"x\"",
                           ",\"scope\":\"polls/p1\""}) {
    EXPECT_THAT(verifier_.Verify(Signed(Header(), Claims("veche", 0, 900, more))),
                HasReason("TOKEN_INVALID"))
        << more;
  }
}

TEST_F(TokenTest, NeverGivesTheRoleOfServices) {
  Principal principal{.name = "staff/01j", .roles = {options::v1::SERVICE}};
  EXPECT_FALSE(verifier_.Verify(signer_->Sign(principal, clock_.Now()))->Is(options::v1::SERVICE));
  EXPECT_FALSE(
      verifier_.Verify(Signed(Header(), Claims("veche", 0, 900, ",\"roles\":[\"SERVICE\"]")))
          ->Is(options::v1::SERVICE));
}

TEST_F(TokenTest, ExpiresToTheSecond) {
  clock_.Advance(kAccessTokenLifetime - absl::Seconds(1));
  EXPECT_OK(verifier_.Verify(token_));
  clock_.Advance(absl::Seconds(1));
  EXPECT_THAT(verifier_.Verify(token_), HasReason("TOKEN_EXPIRED")) << "also from the cache";
  TokenVerifier fresh([this] { return keys_; }, clock_);
  EXPECT_THAT(fresh.Verify(token_), HasReason("TOKEN_EXPIRED"));
  EXPECT_THAT(fresh.Verify(token_), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(TokenTest, TheFutureIsForgivenAMinute) {
  EXPECT_OK(verifier_.Verify(Signed(Header(), Claims("veche", 60, 900))));
  EXPECT_THAT(verifier_.Verify(Signed(Header(), Claims("veche", 61, 900))),
              HasReason("TOKEN_INVALID"));
}

TEST_F(TokenTest, RefusesOtherAlgorithms) {
  for (const char* alg : {"none", "None", "HS256", "RS256", "ES256", "eddsa", ""}) {
    EXPECT_THAT(verifier_.Verify(Signed(Header(alg), Claims("veche", 0, 900))),
                HasReason("TOKEN_INVALID"))
        << alg;
  }
  const std::string text =
      absl::StrCat(absl::WebSafeBase64Escape(R"({"alg":"none","typ":"JWT"})"), ".",
                   absl::WebSafeBase64Escape(Claims("veche", 0, 900)), ".");
  EXPECT_THAT(verifier_.Verify(text), HasReason("TOKEN_INVALID"));
}

TEST_F(TokenTest, RefusesHeadersThatSayMore) {
  EXPECT_THAT(
      verifier_.Verify(Signed(Header("EdDSA", ",\"crit\":[\"exp\"]"), Claims("veche", 0, 900))),
      HasReason("TOKEN_INVALID"));
  EXPECT_THAT(verifier_.Verify(
                  Signed(Header("EdDSA", ",\"jwk\":{\"kty\":\"OKP\"}"), Claims("veche", 0, 900))),
              HasReason("TOKEN_INVALID"));
}

TEST_F(TokenTest, RefusesOtherIssuersAndMissingClaims) {
  EXPECT_THAT(verifier_.Verify(Signed(Header(), Claims("elsewhere", 0, 900))),
              HasReason("TOKEN_INVALID"));
  EXPECT_THAT(verifier_.Verify(Signed(Header(), "{}")), HasReason("TOKEN_INVALID"));
  EXPECT_THAT(verifier_.Verify(Signed(Header(), "not json")), HasReason("TOKEN_INVALID"));
  EXPECT_OK(verifier_.Verify(Signed(Header(), Claims("veche", 0, 900, ",\"amr\":[\"otp\"]"))))
      << "claims of later versions are fine";
}

TEST_F(TokenTest, RefusesTheSignatureOfAnotherKey) {
  auto other = TokenSigner::Generate();
  EXPECT_THAT(verifier_.Verify(other->Sign(AnOfficer(), clock_.Now())), HasReason("TOKEN_INVALID"));

  const std::string body = UnsignedToken(signer_->public_key().id, AnOfficer(), clock_.Now(),
                                         clock_.Now() + absl::Minutes(1));
  const std::string forged =
      FinishToken(body, crypto::Ed25519Sign(**crypto::Ed25519FromPem(other->ToPem()), body));
  EXPECT_THAT(verifier_.Verify(forged), HasReason("TOKEN_INVALID")) << "with our key's id";
}

TEST_F(TokenTest, RefusesEveryAlteration) {
  ASSERT_OK(verifier_.Verify(token_));
  EXPECT_THAT(verifier_.Verify(WithPart(1, Claims("veche", 0, 90'000))),
              HasReason("TOKEN_INVALID"));
  EXPECT_THAT(verifier_.Verify(WithPart(2, std::string(64, '\0'))), HasReason("TOKEN_INVALID"));
  for (size_t i = 0; i < token_.size(); ++i) {
    std::string altered = token_;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(verifier_.Verify(altered), HasReason("TOKEN_INVALID")) << i;
  }
}

TEST_F(TokenTest, RefusesEveryTruncation) {
  for (size_t size = 0; size < token_.size(); ++size) {
    EXPECT_THAT(verifier_.Verify(absl::string_view(token_).substr(0, size)),
                HasReason("TOKEN_INVALID"))
        << size;
  }
}

TEST_F(TokenTest, RefusesGarbage) {
  for (const std::string& text :
       {std::string(), std::string("."), std::string(".."), std::string("..."),
        std::string("a.b.c"), token_ + ".", token_ + "=", " " + token_, token_ + "\n",
        token_ + "." + token_, std::string(100'000, 'A'), std::string("\0\xff.\0.\0", 6)}) {
    EXPECT_THAT(verifier_.Verify(text), HasReason("TOKEN_INVALID"));
  }
}

TEST_F(TokenTest, LooksForANewKeyEveryTenSecondsAtMost) {
  ASSERT_OK(verifier_.Verify(token_));
  auto next = TokenSigner::Generate();
  const std::string token = next->Sign(AnOfficer(), clock_.Now());
  keys_->push_back(next->public_key());
  for (int i = 0; i < 5; ++i) EXPECT_THAT(verifier_.Verify(token), HasReason("TOKEN_INVALID"));
  EXPECT_EQ(fetches_, 1);
  clock_.Advance(absl::Seconds(10));
  EXPECT_OK(verifier_.Verify(token));
  EXPECT_EQ(fetches_, 2);
}

TEST_F(TokenTest, IsUnavailableWithoutKeys) {
  keys_ = absl::UnavailableError("identity is away");
  EXPECT_THAT(verifier_.Verify(token_), StatusIs(absl::StatusCode::kUnavailable));
  keys_ = std::vector<PublicKey>{signer_->public_key()};
  clock_.Advance(absl::Seconds(1));
  EXPECT_OK(verifier_.Verify(token_));
}

TEST_F(TokenTest, KeepsVerifyingWithKnownKeysWhileIdentityIsAway) {
  ASSERT_OK(verifier_.Verify(token_));
  keys_ = absl::UnavailableError("identity is away");
  EXPECT_OK(verifier_.Verify(signer_->Sign({.name = "residents/b"}, clock_.Now())));
}

TEST_F(TokenTest, ManyTokensOverflowTheCacheUnharmed) {
  for (int i = 0; i < 5'000; ++i) {
    const std::string name = absl::StrCat("residents/", i);
    ASSERT_EQ(verifier_.Verify(signer_->Sign({.name = name}, clock_.Now()))->name, name);
  }
  EXPECT_OK(verifier_.Verify(token_));
}

TEST_F(TokenTest, ManyThreadsFetchTheKeysOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this] { EXPECT_OK(verifier_.Verify(token_)); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(fetches_, 1);
}

TEST(TokenSignerTest, ComesBackFromItsPem) {
  auto signer = TokenSigner::Generate();
  auto again = TokenSigner::FromPem(signer->ToPem());
  ASSERT_OK(again);
  EXPECT_EQ((*again)->public_key().id, signer->public_key().id);
  EXPECT_EQ((*again)->public_key().bytes, signer->public_key().bytes);
  EXPECT_THAT(signer->public_key().bytes, SizeIs(32));
  EXPECT_THAT(signer->public_key().id, ::testing::MatchesRegex("[0-9a-f]{16}"));
}

TEST(TokenSignerTest, RefusesWhatIsNoKey) {
  EXPECT_THAT(TokenSigner::FromPem(""), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(
      TokenSigner::FromPem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace veche::auth
