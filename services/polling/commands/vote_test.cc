#include "services/polling/commands/vote.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"
#include "services/polling/commands/voter_state.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/testing/fake_city.h"

namespace veche::polling {
namespace {

using ::testing::Contains;
using testing::FakeCity;
using ::testing::HasSubstr;
using ::testing::Not;

class VoteTest : public ::testing::Test {
 protected:
  ~VoteTest() override { std::filesystem::remove(state_); }

  int Vote(std::vector<std::string> more) {
    std::vector<std::string> args = {"--url",         city_.url(), "--poll",
                                     city_.poll_id(), "--state",   state_};
    args.insert(args.end(), more.begin(), more.end());
    out_.str("");
    err_.str("");
    return RunVote(args, out_, err_);
  }
  size_t CountRequests(const std::string& request) {
    const auto requests = city_.requests();
    return static_cast<size_t>(std::count(requests.begin(), requests.end(), request));
  }
  protocol::Ballot LastOnBoard() { return *protocol::ParseEntry(city_.entries().back()); }

  FakeCity city_{2};
  const std::string state_ = absl::StrCat(::testing::TempDir(), "/vote-test-", getpid(), ".json");
  std::ostringstream out_, err_;
};

TEST_F(VoteTest, VotesAndPrintsTheReceipt) {
  ASSERT_EQ(Vote({"--token", "t", "--answer", "park=north", "--answer=sports=o1,o3"}), 0)
      << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("Your ballot is entry 1 of the board of polls/"));
  EXPECT_THAT(out_.str(), HasSubstr("sports: o1 o3"));
  ASSERT_EQ(city_.entries().size(), 2u);
  EXPECT_THAT(LastOnBoard().answers,
              ::testing::ElementsAre(protocol::Answer{"park", {"north"}},
                                     protocol::Answer{"sports", {"o1", "o3"}}));
  const auto permissions = std::filesystem::status(state_).permissions();
  EXPECT_EQ(permissions, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_THAT(out_.str() + err_.str(), Not(HasSubstr(LoadVoterState(state_)->voter_key)));
}

TEST_F(VoteTest, TheSameCommandAgainVotesOnce) {
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(Vote({"--token", "t", "--answer", "park=north"}), 0) << err_.str();
  }
  EXPECT_EQ(city_.entries().size(), 2u);
  EXPECT_EQ(CountRequests("POST /ballots"), 1u);
  EXPECT_EQ(CountRequests("POST :issueCredential"), 2u) << "one for each issuer";
  EXPECT_EQ(Vote({"--answer", "park=south"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("--revote replaces it"));
}

TEST_F(VoteTest, GoesOnAfterALostAnswer) {
  for (const char* lost : {":issueCredential", "/ballots", ":watch"}) {
    std::filesystem::remove(state_);
    city_.LoseAnswerOf(lost);
    const std::string token = absl::StrCat("token-", lost);
    const std::vector<std::string> args = {"--token", token, "--answer", "park=north"};
    const size_t before = city_.entries().size();
    if (Vote(args) != 0) {
      EXPECT_THAT(err_.str(), HasSubstr("503")) << lost;
      ASSERT_EQ(Vote(args), 0) << lost << err_.str();
    }
    EXPECT_EQ(city_.entries().size(), before + 1) << lost;
  }
}

TEST_F(VoteTest, WaitsForItsBatchInALaterRun) {
  city_.HoldBatch(true);
  EXPECT_EQ(Vote({"--token", "t", "--answer", "park=north", "--wait", "0"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("Run the same command later"));
  city_.HoldBatch(false);
  EXPECT_EQ(Vote({"--answer", "park=north"}), 0) << err_.str();
  EXPECT_EQ(city_.entries().size(), 2u);
}

TEST_F(VoteTest, RevotesWithAHigherCounter) {
  ASSERT_EQ(Vote({"--token", "t", "--answer", "park=north"}), 0) << err_.str();
  ASSERT_EQ(Vote({"--answer", "park=south", "--revote"}), 0) << err_.str();
  EXPECT_EQ(city_.entries().size(), 3u);
  EXPECT_EQ(LastOnBoard().counter, 2u);
  EXPECT_THAT(out_.str(), HasSubstr("park: south"));
}

TEST_F(VoteTest, RefusesASecondDeviceAndWrongAnswers) {
  EXPECT_EQ(Vote({"--token", "t", "--answer", "park=west"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("question park"));
  EXPECT_EQ(CountRequests("POST /ballots"), 0u);
  std::filesystem::remove(state_);  // another device
  EXPECT_EQ(Vote({"--token", "t", "--answer", "park=north"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("CREDENTIAL_ISSUED"));
  std::filesystem::remove(state_);
  EXPECT_EQ(Vote({"--answer", "park=north"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("--token is needed"));
  EXPECT_EQ(Vote({"--token", "t", "--answer", "park"}), 1);
  EXPECT_EQ(Vote({"--colour", "red"}), 2);
  EXPECT_EQ(RunVote({}, out_, err_), 2);
}

TEST_F(VoteTest, ChecksTheBallotOnABoardThatGrew) {
  ASSERT_EQ(Vote({"--token", "t", "--answer", "park=north"}), 0) << err_.str();
  auto entries = city_.entries();
  entries.push_back(protocol::EncodeEntry(city_.poll().MakeBallot(0, testing::SomeAnswers())));
  city_.SetEntries(entries);
  EXPECT_EQ(Vote({"--check"}), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("3 entries"));
}

TEST_F(VoteTest, NoticesABoardThatLostTheBallot) {
  ASSERT_EQ(Vote({"--token", "t", "--answer", "park=north"}), 0) << err_.str();
  auto entries = city_.entries();
  const std::string other =
      protocol::EncodeEntry(city_.poll().MakeBallot(0, testing::SomeAnswers()));
  entries[1] = other;
  entries.push_back(other);
  city_.SetEntries(entries);
  EXPECT_EQ(Vote({"--check"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("does not continue"));
}

}  // namespace
}  // namespace veche::polling
