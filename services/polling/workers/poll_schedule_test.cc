#include "services/polling/workers/poll_schedule.h"

#include <gtest/gtest.h>

#include "services/polling/testing/service_fixture.h"

namespace veche::polling::testing {
namespace {

// The module with its threads; polls may name the issuer "union" of another body.
class PollScheduleTest : public ServiceTest {
 protected:
  PollScheduleTest() : ServiceTest("union") {}
  ~PollScheduleTest() override { second_issuer_.SetHanging(false); }

  v1::Poll::State StateOf(const std::string& name) {
    v1::GetPollRequest request;
    request.set_name(name);
    const auto poll = Ask(&v1::Polls::Stub::GetPoll, request, Editor());
    EXPECT_OK(poll);
    return poll.ok() ? poll->state() : v1::Poll::STATE_UNSPECIFIED;
  }
  void AwaitLog(const std::string& text) {
    const absl::Time give_up = absl::Now() + absl::Seconds(30);
    while (logger_->text().find(text) == std::string::npos) {
      ASSERT_LT(absl::Now(), give_up) << "not logged: " << text;
      std::this_thread::yield();
    }
  }
};

TEST_F(PollScheduleTest, PollsOfOtherIssuersOpenAndCloseWhileAnIssuerHangs) {
  const std::string stuck = CreatePoll({"city", "union"});
  ASSERT_EQ(Open(stuck)->state(), v1::Poll::OPEN);
  second_issuer_.SetHanging(true);
  ASSERT_OK(Close(stuck));
  second_issuer_.AwaitHangingCall();

  const std::string other = CreatePoll();
  const auto open = Open(other);
  ASSERT_OK(open);
  EXPECT_EQ(open->state(), v1::Poll::OPEN);
  ASSERT_OK(Ask(&v1::Polls::Stub::CreateBallot, MakeBallot(*open, "o1")));
  ASSERT_OK(Close(other));
  WaitForState(other, v1::Poll::CLOSED);

  EXPECT_EQ(StateOf(stuck), v1::Poll::CLOSING);
  AwaitLog(absl::StrCat(R"("event":"poll waits","poll":")", PollId(stuck),
                        R"(","step":"poll-issuer-union","error":"UNAVAILABLE: the issuer union)"));
  second_issuer_.SetHanging(false);
  WaitForState(stuck, v1::Poll::CLOSED);
}

TEST_F(PollScheduleTest, APollWhoseIssuerHangsIsScheduledAndOpensWhenItAnswers) {
  second_issuer_.SetHanging(true);
  const std::string stuck = CreatePoll({"city", "union"});
  const auto scheduled = Open(stuck);
  ASSERT_OK(scheduled);
  EXPECT_EQ(scheduled->public_key(), "");
  const std::string other = CreatePoll();
  ASSERT_EQ(Open(other)->state(), v1::Poll::OPEN);
  second_issuer_.SetHanging(false);
  v1::GetPollRequest get;
  get.set_name(stuck);
  const absl::Time give_up = absl::Now() + absl::Seconds(30);
  while (Ask(&v1::Polls::Stub::GetPoll, get)->public_key().empty()) {
    ASSERT_LT(absl::Now(), give_up);
    std::this_thread::yield();
  }
}

TEST_F(PollScheduleTest, AnIssuerOfAnotherNameGivesAPollNoKey) {
  second_issuer_.SetName("city");  // to get tokens for the city's own issuer
  const auto scheduled = Open(CreatePoll({"city", "union"}));
  ASSERT_OK(scheduled);
  EXPECT_EQ(scheduled->public_key(), "");
  AwaitLog(R"(calls itself \"city\")");
}

}  // namespace
}  // namespace veche::polling::testing
