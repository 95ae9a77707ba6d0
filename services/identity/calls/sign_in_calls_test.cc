#include "services/identity/calls/sign_in_calls.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/strip.h"
#include "common/auth/jwt.h"
#include "services/identity/testing/fixture.h"

namespace veche::identity {
namespace {

using rpc::testing::MakeCall;
using ::testing::ElementsAre;
using testing::Identity;
using testing::OtherCode;
using ::testing::SizeIs;
using veche::testing::HasReason;
using veche::testing::StatusIs;

constexpr char kPhone[] = "+79991234567";
constexpr char kPassword[] = "correct horse battery";

absl::Status SendCode(Identity& identity, const std::string& contact) {
  v1::SendCodeRequest request;
  request.set_contact(contact);
  return identity.sign_in.SendCode(MakeCall(), request).status();
}

void RunAtOnce(int threads, const std::function<void()>& body) {
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) running.emplace_back(body);
  for (std::thread& thread : running) thread.join();
}

TEST(SignInByCodeTest, TheFirstTimeRegistersAndTheNextFindsTheSameResident) {
  Identity identity;
  const auto first = identity.SignIn(identity.AskForCode(kPhone));
  ASSERT_OK(first);
  EXPECT_THAT(first->principal().roles(), ElementsAre(options::v1::RESIDENT));
  EXPECT_EQ(identity.sender.messages().at(0).to.value, kPhone);
  const auto second = identity.SignIn(identity.AskForCode("8 (999) 123-45-67"));
  ASSERT_OK(second);
  EXPECT_EQ(first->principal().name(), second->principal().name());
  EXPECT_NE(first->refresh_token(), second->refresh_token());
}

TEST(SignInByCodeTest, TheTokenVerifiesAndNamesTheSession) {
  Identity identity;
  const auto response = identity.SignIn(identity.AskForCode(kPhone));
  ASSERT_OK(response);
  auth::TokenVerifier verifier(
      [&]() -> absl::StatusOr<std::vector<auth::PublicKey>> {
        const auto keys = identity.sign_in.GetKeys(MakeCall(), {});
        std::string bytes;
        absl::WebSafeBase64Unescape(keys->keys(0).x(), &bytes);
        return std::vector<auth::PublicKey>{{keys->keys(0).kid(), bytes}};
      },
      identity.clock);
  const auto principal = verifier.Verify(response->access_token());
  ASSERT_OK(principal);
  EXPECT_EQ(principal->name, response->principal().name());
  EXPECT_TRUE(principal->Is(options::v1::RESIDENT));
  EXPECT_FALSE(principal->session.empty());
  identity.clock.Advance(absl::Minutes(16));
  EXPECT_THAT(verifier.Verify(response->access_token()), HasReason("TOKEN_EXPIRED"));
}

TEST(SignInByCodeTest, ANewResidentKeepsTheLanguageOfTheFirstCall) {
  Identity identity;
  rpc::Call call = MakeCall();
  call.set_language("tt");
  const auto first = identity.sign_in.SignIn(call, identity.AskForCode(kPhone));
  ASSERT_OK(first);
  const std::string in_russian = identity.sender.messages().back().subject;
  EXPECT_EQ(in_russian, identity.texts.Get("SIGN_IN_CODE_SUBJECT", "ru"));

  const auto second = identity.SignIn(identity.AskForCode(kPhone));
  ASSERT_OK(second);
  EXPECT_EQ(identity.sender.messages().back().subject,
            identity.texts.Get("SIGN_IN_CODE_SUBJECT", "tt"));
  const auto parsed = auth::ParseToken(second->access_token());
  ASSERT_OK(parsed);
  const auto principal = auth::ReadClaims(parsed->claims, identity.clock.Now());
  ASSERT_OK(principal);
  EXPECT_EQ(principal->locale, "tt");
}

TEST(RefreshTest, BringsAChangedLocaleIntoTheToken) {
  Identity identity;
  const auto first = identity.SignIn(identity.AskForCode(kPhone));
  ASSERT_OK(first);
  v1::UpdateMeRequest change;
  change.set_locale("uk");
  const absl::string_view id = absl::StripPrefix(first->principal().name(), "residents/");
  ASSERT_OK(identity.accounts.UpdateMe(MakeCall(rpc::testing::Resident(id)), change));
  const auto next = identity.Refresh(first->refresh_token());
  ASSERT_OK(next);
  const auto parsed = auth::ParseToken(next->access_token());
  ASSERT_OK(parsed);
  const auto principal = auth::ReadClaims(parsed->claims, identity.clock.Now());
  ASSERT_OK(principal);
  EXPECT_EQ(principal->locale, "uk");
}

TEST(SignInByCodeTest, ACodeWorksOnce) {
  Identity identity;
  const v1::SignInRequest request = identity.AskForCode(kPhone);
  ASSERT_OK(identity.SignIn(request));
  EXPECT_THAT(identity.SignIn(request), HasReason("CHALLENGE_EXPIRED"));
}

TEST(SignInByCodeTest, ACodeWorksOnceAlsoInARace) {
  Identity identity;
  const v1::SignInRequest request = identity.AskForCode(kPhone);
  std::atomic<int> signed_in = 0;
  RunAtOnce(20, [&] { signed_in += identity.SignIn(request).ok() ? 1 : 0; });
  EXPECT_EQ(signed_in, 1);
}

TEST(SignInByCodeTest, ACodeOfAnotherChallengeIsWrong) {
  Identity identity;
  const v1::SignInRequest mine = identity.AskForCode(kPhone);
  v1::SignInRequest mixed = identity.AskForCode("victim@example.ru");
  if (mixed.code() == mine.code()) GTEST_SKIP() << "one in a million";
  mixed.set_code(mine.code());
  EXPECT_THAT(identity.SignIn(mixed), HasReason("CODE_WRONG"));
}

TEST(SignInByCodeTest, TheSixthTryFailsEvenWithTheRightCode) {
  Identity identity;
  v1::SignInRequest request = identity.AskForCode(kPhone);
  const std::string right = request.code();
  request.set_code(OtherCode(right));
  for (int i = 0; i < kMaxTries; ++i) {
    EXPECT_THAT(identity.SignIn(request), HasReason("CODE_WRONG"));
  }
  request.set_code(right);
  EXPECT_THAT(identity.SignIn(request), HasReason("CHALLENGE_EXPIRED"));
}

TEST(SignInByCodeTest, ConcurrentGuessesGetNoMoreThanFiveTries) {
  Identity identity;
  v1::SignInRequest request = identity.AskForCode(kPhone);
  request.set_code(OtherCode(request.code()));
  std::atomic<int> tried = 0;
  RunAtOnce(
      20, [&] { tried += ErrorReason(identity.SignIn(request).status()) == "CODE_WRONG" ? 1 : 0; });
  EXPECT_EQ(tried, kMaxTries);
}

TEST(SignInByCodeTest, ACodeExpires) {
  Identity identity;
  const v1::SignInRequest request = identity.AskForCode(kPhone);
  identity.clock.Advance(kCodeLifetime);
  EXPECT_THAT(identity.SignIn(request), HasReason("CHALLENGE_EXPIRED"));
}

TEST(SignInByCodeTest, ManyAtOnceMakeOneAccount) {
  Identity identity;
  std::vector<v1::SignInRequest> requests;
  for (int i = 0; i < kMaxCodes; ++i) requests.push_back(identity.AskForCode(kPhone));
  std::vector<std::string> names(requests.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < requests.size(); ++i) {
    threads.emplace_back([&, i] { names[i] = identity.SignIn(requests[i])->principal().name(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(std::set<std::string>(names.begin(), names.end()), SizeIs(1));
}

TEST(SendCodeTest, FiveAnHourForOneContactHoweverItIsTyped) {
  Identity identity;
  for (int i = 0; i < 3; ++i) EXPECT_OK(SendCode(identity, kPhone));
  for (int i = 0; i < 2; ++i) EXPECT_OK(SendCode(identity, "8 999 123-45-67"));
  identity.clock.Advance(absl::Minutes(20));
  const absl::Status refused = SendCode(identity, kPhone);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(refused, HasReason("TOO_MANY_CODES"));
  EXPECT_EQ(RetryAfter(refused), absl::Minutes(40));
  EXPECT_OK(SendCode(identity, "other@example.ru"));
  identity.clock.Advance(absl::Minutes(41));
  EXPECT_OK(SendCode(identity, kPhone));
}

TEST(SendCodeTest, FiveAnHourAlsoInARace) {
  Identity identity;
  std::atomic<int> sent = 0;
  RunAtOnce(20, [&] { sent += SendCode(identity, kPhone).ok() ? 1 : 0; });
  EXPECT_EQ(sent, kMaxCodes);
  EXPECT_THAT(identity.sender.messages(), SizeIs(kMaxCodes));
}

TEST(SendCodeTest, TheCodeIsNotInTheTables) {
  Identity identity;
  const v1::SignInRequest request = identity.AskForCode(kPhone);
  ASSERT_OK(identity.database->Read([&](sql::Transaction& transaction) -> absl::Status {
    const auto rows = transaction.Query("SELECT code_hash FROM challenges");
    EXPECT_EQ(rows->at(0).Bytes(0).size(), 32u);
    EXPECT_EQ(rows->at(0).Bytes(0).find(request.code()), std::string::npos);
    return absl::OkStatus();
  }));
}

TEST(SendCodeTest, SaysWhatIsWrong) {
  Identity identity;
  EXPECT_THAT(SendCode(identity, "tomorrow"), StatusIs(absl::StatusCode::kInvalidArgument));
  identity.sender.FailWith(absl::UnavailableError("disk full at /secret"));
  const absl::Status failed = SendCode(identity, kPhone);
  EXPECT_THAT(failed, HasReason("CODE_NOT_SENT"));
  EXPECT_EQ(failed.message().find("secret"), std::string::npos);
}

TEST(SignInTest, TakesOnePairOrTheOther) {
  Identity identity;
  const auto check = [&](const v1::SignInRequest& request) {
    EXPECT_THAT(identity.SignIn(request), StatusIs(absl::StatusCode::kInvalidArgument))
        << request.ShortDebugString();
  };
  v1::SignInRequest request;
  check(request);
  request.set_challenge("c");
  check(request);
  request.set_code("12345x");
  check(request);
  request.set_code("123456");
  request.set_login("abc");
  check(request);
  request.Clear();
  request.set_login("abc");
  check(request);
}

TEST(SignInTest, AMadeUpChallengeIsAnExpiredOne) {
  Identity identity;
  v1::SignInRequest request;
  request.set_code("123456");
  for (const std::string& challenge :
       {std::string("c"), std::string(22, 'A'), std::string(22, '\0'), std::string(100'000, 'x')}) {
    request.set_challenge(challenge);
    EXPECT_THAT(
        identity.SignIn(request).status().code(),
        ::testing::AnyOf(absl::StatusCode::kUnauthenticated, absl::StatusCode::kInvalidArgument));
  }
}

TEST(SignInByPasswordTest, FitsOrDoesNot) {
  Identity identity;
  ASSERT_OK(identity.CreateStaff("irina", kPassword, options::v1::OFFICER));
  const auto response = identity.SignIn("irina", kPassword);
  ASSERT_OK(response);
  EXPECT_EQ(response->principal().department(), "departments/roads");
  EXPECT_THAT(response->principal().roles(), ElementsAre(options::v1::OFFICER));
  const absl::Status wrong = identity.SignIn("irina", "wrong").status();
  const absl::Status unknown = identity.SignIn("nobody", kPassword).status();
  EXPECT_THAT(wrong, HasReason("LOGIN_FAILED"));
  EXPECT_EQ(wrong, unknown);
  EXPECT_EQ(identity.SignIn("Not A Login", kPassword).status(), unknown);
}

TEST(SignInByPasswordTest, WaitsAfterFiveFailuresForUnknownLoginsToo) {
  for (const char* login : {"irina", "nobody"}) {
    Identity identity;
    ASSERT_OK(identity.CreateStaff("irina", kPassword));
    for (int i = 0; i < 5; ++i) {
      EXPECT_THAT(identity.SignIn(login, "wrong"), HasReason("LOGIN_FAILED"));
    }
    const absl::Status refused = identity.SignIn(login, kPassword).status();
    EXPECT_THAT(refused, HasReason("TOO_MANY_ATTEMPTS")) << login;
    EXPECT_EQ(RetryAfter(refused), absl::Seconds(1));
  }
}

TEST(SignInByPasswordTest, TheRightPasswordEndsTheWaiting) {
  Identity identity;
  ASSERT_OK(identity.CreateStaff("irina", kPassword));
  for (int i = 0; i < 5; ++i) (void)identity.SignIn("irina", "wrong");
  identity.clock.Advance(absl::Seconds(1));
  EXPECT_OK(identity.SignIn("irina", kPassword));
  EXPECT_OK(identity.SignIn("irina", kPassword));
}

TEST(SignInByPasswordTest, GuessesAtOnceAreCountedBeforeTheyAreVerified) {
  Identity identity;
  ASSERT_OK(identity.CreateStaff("irina", kPassword));
  std::atomic<int> verified = 0;
  RunAtOnce(20, [&] {
    verified += ErrorReason(identity.SignIn("irina", "wrong").status()) == "LOGIN_FAILED" ? 1 : 0;
  });
  EXPECT_EQ(verified, 5);
}

TEST(SignInByPasswordTest, TooManyAtOnceAreToldToComeBack) {
  Passwords passwords({.memory_kib = 8, .passes = 1, .at_once = 0, .waiting = 0});
  EXPECT_THAT(passwords.Verify("x", ""), HasReason("TOO_MANY_SIGN_INS"));
}

TEST(RefreshTest, TradesATokenForTheNext) {
  Identity identity;
  const auto first = identity.SignIn(identity.AskForCode(kPhone));
  ASSERT_OK(first);
  const auto second = identity.Refresh(first->refresh_token());
  ASSERT_OK(second);
  EXPECT_NE(second->refresh_token(), first->refresh_token());
  EXPECT_EQ(second->principal().name(), first->principal().name());
  EXPECT_OK(identity.Refresh(second->refresh_token()));
}

TEST(RefreshTest, ReuseEndsTheSession) {
  Identity identity;
  const auto first = identity.SignIn(identity.AskForCode(kPhone));
  const auto second = identity.Refresh(first->refresh_token());
  identity.clock.Advance(kRefreshGrace + absl::Seconds(1));
  EXPECT_THAT(identity.Refresh(first->refresh_token()), HasReason("SESSION_ENDED"));
  EXPECT_THAT(identity.Refresh(second->refresh_token()), HasReason("SESSION_ENDED"));
}

TEST(RefreshTest, ATokenTwoTradesOldIsReuseAtOnce) {
  Identity identity;
  const auto first = identity.SignIn(identity.AskForCode(kPhone));
  const auto second = identity.Refresh(first->refresh_token());
  const auto third = identity.Refresh(second->refresh_token());
  EXPECT_THAT(identity.Refresh(first->refresh_token()), HasReason("SESSION_ENDED"));
  EXPECT_THAT(identity.Refresh(third->refresh_token()), HasReason("SESSION_ENDED"));
}

TEST(RefreshTest, AClientWhoseAnswerWasLostGetsTheSameNextToken) {
  Identity identity;
  const auto first = identity.SignIn(identity.AskForCode(kPhone));
  std::vector<std::string> tokens(20);
  std::atomic<size_t> next = 0;
  RunAtOnce(20, [&] {
    const auto response = identity.Refresh(first->refresh_token());
    ASSERT_OK(response);
    tokens[next++] = response->refresh_token();
  });
  EXPECT_THAT(std::set<std::string>(tokens.begin(), tokens.end()), SizeIs(1));
  identity.clock.Advance(absl::Minutes(1));
  EXPECT_OK(identity.Refresh(tokens[0]));
}

TEST(RefreshTest, MadeUpTokensHarmNobody) {
  Identity identity;
  const auto first = identity.SignIn(identity.AskForCode(kPhone));
  const std::string session = first->refresh_token().substr(0, 26);
  for (const std::string& token : {session, session + ".AAAA.AAAA", std::string("x.y.z")}) {
    EXPECT_THAT(identity.Refresh(token), HasReason("SESSION_ENDED"));
    v1::SignOutRequest sign_out;
    sign_out.set_refresh_token(token);
    EXPECT_OK(identity.sign_in.SignOut(MakeCall(), sign_out));
  }
  EXPECT_OK(identity.Refresh(first->refresh_token()));
}

TEST(RefreshTest, ASessionExpiresAndEnds) {
  Identity identity;
  const auto first = identity.SignIn(identity.AskForCode(kPhone));
  const auto other = identity.SignIn(identity.AskForCode(kPhone));
  v1::SignOutRequest sign_out;
  sign_out.set_refresh_token(other->refresh_token());
  EXPECT_OK(identity.sign_in.SignOut(MakeCall(), sign_out));
  EXPECT_THAT(identity.Refresh(other->refresh_token()), HasReason("SESSION_ENDED"));
  identity.clock.Advance(kRefreshLifetime);
  EXPECT_THAT(identity.Refresh(first->refresh_token()), HasReason("SESSION_ENDED"));
}

}  // namespace
}  // namespace veche::identity
