#include "services/polling/remote/issuer_pauses.h"

#include <gmock/gmock.h>

#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"

namespace veche::polling {
namespace {

using ::testing::HasSubstr;

class IssuerPausesTest : public ::testing::Test {
 protected:
  // How long `issuer` is not asked from now on, in whole seconds.
  int SecondsUntilAsked(const std::string& issuer) {
    for (int seconds = 0; seconds < 1000; ++seconds) {
      if (pauses_.Check(issuer).ok()) return seconds;
      clock_.Advance(absl::Seconds(1));
    }
    return -1;
  }

  veche::testing::FakeClock clock_;
  IssuerPauses pauses_{clock_};
};

TEST_F(IssuerPausesTest, EachFailureInARowDoublesThePauseUpToAMinute) {
  EXPECT_OK(pauses_.Check("union"));
  for (const int expected : {1, 2, 4, 8, 16, 32, 60, 60}) {
    const absl::Status failed =
        pauses_.Note("union", absl::DeadlineExceededError("Deadline Exceeded"));
    EXPECT_TRUE(absl::IsUnavailable(failed));
    EXPECT_THAT(std::string(failed.message()), HasSubstr("union does not answer"));
    EXPECT_EQ(pauses_.Check("union"), failed) << "the reason is told without a call";
    EXPECT_EQ(SecondsUntilAsked("union"), expected);
  }
  EXPECT_OK(pauses_.Note("union", absl::OkStatus()));
  EXPECT_FALSE(pauses_.Note("union", absl::UnavailableError("down")).ok());
  EXPECT_EQ(SecondsUntilAsked("union"), 1) << "an answer ends the row";
}

TEST_F(IssuerPausesTest, CallsThatFailInOnePauseDoubleItOnce) {
  for (int i = 0; i < 5; ++i) (void)pauses_.Note("union", absl::UnavailableError("down"));
  EXPECT_EQ(SecondsUntilAsked("union"), 1);
}

TEST_F(IssuerPausesTest, OneIssuerSaysNothingOfAnother) {
  (void)pauses_.Note("union", absl::UnavailableError("down"));
  EXPECT_OK(pauses_.Check("city"));
}

TEST_F(IssuerPausesTest, ARefusalIsAnAnswer) {
  const absl::Status refusal = absl::FailedPreconditionError("POLL_KEY_DIFFERS");
  EXPECT_EQ(pauses_.Note("union", refusal), refusal);
  EXPECT_OK(pauses_.Check("union"));
}

}  // namespace
}  // namespace veche::polling
