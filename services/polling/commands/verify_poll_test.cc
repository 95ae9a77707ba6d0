#include "services/polling/commands/verify_poll.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/protocol/board_file.h"
#include "services/polling/testing/fake_city.h"

namespace veche::polling {
namespace {

using ::testing::AllOf;
using testing::FakeCity;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TestFile;

class VerifyPollTest : public ::testing::Test {
 protected:
  ~VerifyPollTest() override { std::filesystem::remove(file_); }

  int Run(std::vector<std::string> args) {
    out_.str("");
    err_.str("");
    return RunVerifyPoll(args, out_, err_);
  }
  int Verify(const std::string& text, std::vector<std::string> more = {}) {
    std::ofstream(file_) << text;
    more.push_back(file_);
    return Run(more);
  }

  const std::string file_ = absl::StrCat(::testing::TempDir(), "/verify-poll-test-", getpid());
  std::ostringstream out_, err_;
};

TEST_F(VerifyPollTest, PrintsTheResultOfAGoodBoard) {
  EXPECT_EQ(Verify(TestFile("board-one-issuer.ndjson")), 0);
  EXPECT_THAT(out_.str(), HasSubstr("8 entries"));
  EXPECT_THAT(out_.str(), HasSubstr("6 ballots, 6 of them valid, of 5 voters"));
  EXPECT_THAT(out_.str(), HasSubstr("park (plurality)"));
  EXPECT_THAT(out_.str(), HasSubstr("The board key is the board's own"));
  EXPECT_THAT(out_.str(), HasSubstr("No faults"));
  const std::string key = absl::Base64Escape(testing::TestPoll().definition.board_key);
  EXPECT_EQ(Verify(TestFile("board-one-issuer.ndjson"), {"--board-key", key}), 0);
  EXPECT_THAT(out_.str(), Not(HasSubstr("The board key is the board's own")));
}

TEST_F(VerifyPollTest, NamesTheFaults) {
  EXPECT_EQ(Verify(TestFile("board-stuffed.ndjson")), 1);
  EXPECT_THAT(out_.str(), HasSubstr("3 faults: do not trust this board."));
  EXPECT_THAT(out_.str(), HasSubstr("rule 5, entry 2, issuer city: the issuer city signed"));
  EXPECT_EQ(Verify(TestFile("board-stuffed.ndjson"), {"--json"}), 1);
  EXPECT_THAT(out_.str(), HasSubstr("\"index\":2,\"issuer\":\"city\",\"rule\":5"));
  const std::string other = absl::Base64Escape(std::string(32, 'k'));
  EXPECT_EQ(Verify(TestFile("board-one-issuer.ndjson"), {"--board-key", other}), 1);
}

TEST_F(VerifyPollTest, SendsNoControlCharactersToTheTerminal) {
  testing::TestPoll poll;
  const std::string hostile = "\x1b[2J\xff\xc2\x9b";
  const std::vector<std::string> entries =
      poll.MakeBoard({poll.MakeBallot(0, {{hostile, {hostile}}})}, {1});
  std::string file = protocol::EncodeBoardHeader(poll.MakeHead(entries));
  for (const std::string& entry : entries) file += protocol::EncodeBoardEntry(entry);
  EXPECT_EQ(Verify(file), 1);
  EXPECT_THAT(out_.str(), HasSubstr("rule 3, entry 1"));
  EXPECT_THAT(out_.str(),
              AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\xff")), Not(HasSubstr("\xc2\x9b"))));
}

TEST_F(VerifyPollTest, SaysWhatItCannotRead) {
  EXPECT_EQ(Run({"/no/such/file"}), 2);
  EXPECT_THAT(err_.str(), HasSubstr("/no/such/file cannot be opened"));
  EXPECT_EQ(Verify("nonsense"), 2);
  EXPECT_THAT(err_.str(), HasSubstr("Line 1"));
  EXPECT_EQ(Run({}), 2);
  EXPECT_EQ(Run({"a", "b"}), 2);
  EXPECT_EQ(Run({"a", "--colour", "red"}), 2);
  EXPECT_EQ(Run({"a", "--board-key", "AAAA"}), 2);
  EXPECT_EQ(Run({"--mirror", "state"}), 2);
}

TEST_F(VerifyPollTest, MirrorNoticesAForkWithinOneHead) {
  FakeCity city;
  const auto mirror = [&] {
    return Run(
        {"--mirror", file_, "--url", absl::StrCat(city.url(), "/v1/polls/", city.poll_id())});
  };
  EXPECT_EQ(mirror(), 0) << err_.str();
  auto entries = city.entries();
  for (int voter = 0; voter < 3; ++voter) {
    entries.push_back(protocol::EncodeEntry(city.poll().MakeBallot(voter, {{"park", {"north"}}})));
    city.SetEntries(entries);
    EXPECT_EQ(mirror(), 0) << err_.str();
  }
  EXPECT_THAT(out_.str(), HasSubstr("The board of 4 entries continues the one of 3 entries."));
  EXPECT_EQ(mirror(), 0) << "the same head";
  auto fork = entries;
  std::swap(fork[1], fork[2]);
  city.SetEntries(fork);
  EXPECT_EQ(mirror(), 1);
  fork.push_back(entries[1]);
  city.SetEntries(fork);
  EXPECT_EQ(mirror(), 1);
  EXPECT_THAT(out_.str(), HasSubstr("does not continue"));
  EXPECT_THAT(out_.str(), HasSubstr("The two heads, each signed by the board key"));
  city.SetEntries({entries[0]});
  EXPECT_EQ(mirror(), 2) << "perhaps an old head of a cache, but there is no proof";
  city.PassMinute();
  EXPECT_EQ(mirror(), 1);
  EXPECT_THAT(out_.str(), HasSubstr("went back"));
  city.SetEntries(entries);
  EXPECT_EQ(mirror(), 0) << "the state is still of the good board";
}

}  // namespace
}  // namespace veche::polling
