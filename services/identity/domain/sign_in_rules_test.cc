#include "services/identity/domain/sign_in_rules.h"

#include <gtest/gtest.h>

namespace veche::identity {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

TEST(SignInRulesTest, TheSixthCodeWaitsForTheFirstToLeaveTheHour) {
  EXPECT_EQ(WaitForCode({.count = 4, .oldest = kNow}, kNow), absl::ZeroDuration());
  EXPECT_EQ(WaitForCode({.count = 5, .oldest = kNow - absl::Minutes(50)}, kNow), absl::Minutes(10));
}

TEST(SignInRulesTest, CodesAreSixAsciiDigits) {
  EXPECT_TRUE(IsCode("012345"));
  for (const char* text : {"", "12345", "1234567", "12345a", " 12345", "١٢٣"}) {
    EXPECT_FALSE(IsCode(text)) << text;
  }
}

TEST(SignInRulesTest, OnlyTheTokenBeforeIsInGraceAndNotForLong) {
  const Session session{.token_hash = "now", .previous_hash = "before", .rotate_time = kNow};
  EXPECT_TRUE(InGrace(session, "before", kNow + absl::Seconds(10)));
  EXPECT_FALSE(InGrace(session, "before", kNow + absl::Seconds(11)));
  EXPECT_FALSE(InGrace(session, "long ago", kNow));
}

TEST(SignInRulesTest, WrongPasswordsWaitLongerAndLonger) {
  Guesses guesses;
  absl::Time now = kNow;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(WaitForGuess(guesses, now), absl::ZeroDuration());
    CountGuess(guesses, now);
  }
  for (int seconds : {1, 2, 4, 8, 16, 32, 60, 60}) {
    EXPECT_EQ(WaitForGuess(guesses, now), absl::Seconds(seconds));
    now += absl::Seconds(seconds);
    EXPECT_EQ(WaitForGuess(guesses, now), absl::ZeroDuration());
    CountGuess(guesses, now);
  }
  guesses.failures = 1'000'000;
  EXPECT_EQ(WaitForGuess(guesses, now), absl::Minutes(1));
}

TEST(SignInRulesTest, AnHourForgetsWrongPasswords) {
  Guesses guesses{.failures = 20, .last = kNow};
  const absl::Time later = kNow + absl::Hours(1);
  EXPECT_EQ(WaitForGuess(guesses, later), absl::ZeroDuration());
  CountGuess(guesses, later);
  EXPECT_EQ(guesses.failures, 1);
}

}  // namespace
}  // namespace veche::identity
