#include "services/polling/protocol/ballot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/sha256.h"
#include "common/testing/status_matchers.h"
#include "services/polling/protocol/voter_key.h"
#include "services/polling/testing/test_poll.h"

namespace veche::polling::protocol {
namespace {

using ::testing::HasSubstr;
using testing::SomeAnswers;
using testing::TestPoll;
using veche::testing::StatusIs;

Ballot PlainBallot() {
  return {.poll = "p1",
          .answers = {{"q1", {"o2", "o10"}}, {"q2", {}}},
          .salt = std::string(32, 's'),
          .voter_key = std::string(91, 'k'),
          .credentials = {{std::string(32, 'p'), std::string(384, 'c')}},
          .counter = 0x0102,
          .signature = std::string(64, 'v')};
}

TEST(BallotTest, IsEncodedAsTheProtocolSays) {
  const std::string answers =
      absl::StrCat(absl::HexStringToBytes("0002"), absl::HexStringToBytes("00027131"),
                   absl::HexStringToBytes("0002"), absl::HexStringToBytes("00026f32"),
                   absl::HexStringToBytes("00036f3130"), absl::HexStringToBytes("00027132"),
                   absl::HexStringToBytes("0000"));
  const std::string body = absl::StrCat(
      "veche/ballot/v1", absl::HexStringToBytes("00027031"), answers, std::string(32, 's'),
      absl::HexStringToBytes("005b"), std::string(91, 'k'), absl::HexStringToBytes("01"),
      std::string(32, 'p'), absl::HexStringToBytes("0180"), std::string(384, 'c'),
      absl::HexStringToBytes("0000000000000102"));
  EXPECT_EQ(EncodeBody(PlainBallot()), body);
  const std::string entry = absl::StrCat(absl::HexStringToBytes("01"), body, std::string(64, 'v'));
  EXPECT_EQ(EncodeEntry(PlainBallot()), entry);
  const auto parsed = ParseEntry(entry);
  ASSERT_OK(parsed);
  EXPECT_EQ(*parsed, PlainBallot());
}

TEST(BallotTest, NamesThePartOfAWrongForm) {
  const std::pair<const char*, std::function<void(Ballot&)>> cases[] = {
      {"poll", [](Ballot& b) { b.poll.clear(); }},
      {"poll", [](Ballot& b) { b.poll = std::string(33, 'p'); }},
      {"salt", [](Ballot& b) { b.salt.pop_back(); }},
      {"voterKey", [](Ballot& b) { b.voter_key += 'k'; }},
      {"prefix", [](Ballot& b) { b.credentials[0].prefix.pop_back(); }},
      {"signature", [](Ballot& b) { b.credentials[0].signature += 'c'; }},
      {"secondSignature",
       [](Ballot& b) {
         b.credentials.push_back({std::string(32, 'p'), "short"});
       }},
      {"signature", [](Ballot& b) { b.credentials.clear(); }},
      {"signature", [](Ballot& b) { b.credentials.assign(3, b.credentials[0]); }},
      {"ballotSignature", [](Ballot& b) { b.signature.clear(); }},
      {"counter", [](Ballot& b) { b.counter = 0; }},
      {"counter", [](Ballot& b) { b.counter = uint64_t{1} << 53; }},
      {"answers", [](Ballot& b) { b.answers.resize(21, b.answers[0]); }},
      {"answers", [](Ballot& b) { b.answers[0].options.resize(101, "o"); }},
      {"answers", [](Ballot& b) { b.answers[0].question = std::string(70'000, 'q'); }},
      {"answers", [](Ballot& b) { b.answers[0].options[0].clear(); }},
  };
  EXPECT_FALSE(CheckForm(PlainBallot()));
  for (const auto& [part, change] : cases) {
    Ballot ballot = PlainBallot();
    change(ballot);
    const auto problem = CheckForm(ballot);
    ASSERT_TRUE(problem) << part;
    EXPECT_EQ(problem->part, part);
  }
}

TEST(BallotTest, EntryHasNoByteMoreOrLess) {
  const std::string entry = EncodeEntry(PlainBallot());
  for (size_t size = 0; size < entry.size(); ++size) {
    EXPECT_THAT(ParseEntry(entry.substr(0, size)), StatusIs(absl::StatusCode::kInvalidArgument));
  }
  const auto longer = ParseEntry(entry + "x");
  EXPECT_THAT(longer.status().message(), HasSubstr("bytes after its signature"));
  EXPECT_THAT(ParseEntry(std::string(1 << 20, '\xff')),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(BallotTest, EveryMutationIsRefusedOrEncodesToItself) {
  const std::string entry = EncodeEntry(PlainBallot());
  std::mt19937 random(11);
  for (int i = 0; i < 50'000; ++i) {
    std::string changed = entry;
    for (int j = static_cast<int>(random() % 4); j >= 0; --j) {
      const size_t at = random() % changed.size();
      if (random() % 4 != 0) {
        changed[at] = static_cast<char>(random());
      } else {
        changed.erase(at, random() % 8);
        if (changed.empty()) changed = "\x01";
      }
    }
    const auto parsed = ParseEntry(changed);
    if (parsed.ok()) {
      EXPECT_EQ(EncodeEntry(*parsed), changed);
    }
  }
}

TEST(BallotTest, TicketIsBase64UrlWithoutPadding) {
  EXPECT_EQ(TicketOf(std::string(32, '\xff')), "__________________________________________8");
}

TEST(BallotTest, CredentialMessageHoldsPollAndVoterKey) {
  EXPECT_EQ(CredentialMessage("p1", "key"), "veche/poll/v1p1" + crypto::Sha256("key"));
}

TEST(VoterKeyTest, TakesOnlyUncompressedPointsOfTheCurve) {
  TestPoll poll;
  const std::string key = VoterPublicKey(poll.voter_key(0));
  EXPECT_OK(ParseVoterKey(key));
  std::string off_curve = key;
  off_curve.back() = static_cast<char>(off_curve.back() ^ 1);
  std::string other_curve = key;
  other_curve[22] = 0x06;  // prime239v3 instead of prime256v1
  std::string compressed = key;
  compressed[26] = 0x02;
  const std::string zero = key.substr(0, 27) + std::string(64, '\0');
  for (const std::string& bad : {off_curve, other_curve, compressed, zero, key.substr(1), key + "x",
                                 std::string(91, '\0'), std::string()}) {
    EXPECT_THAT(ParseVoterKey(bad), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(VoterKeyTest, SignatureIsOfKeyAndText) {
  TestPoll poll;
  const auto key = ParseVoterKey(VoterPublicKey(poll.voter_key(0)));
  ASSERT_OK(key);
  const std::string signature = SignAsVoter(poll.voter_key(0), "text");
  EXPECT_TRUE(VerifyVoterSignature(**key, "text", signature));
  EXPECT_FALSE(VerifyVoterSignature(**key, "texts", signature));
  EXPECT_FALSE(VerifyVoterSignature(**key, "text", SignAsVoter(poll.voter_key(1), "text")));
  for (const std::string& bad : {std::string(), signature.substr(1), signature + "x",
                                 std::string(64, '\0'), std::string(64, '\xff')}) {
    EXPECT_FALSE(VerifyVoterSignature(**key, "text", bad));
  }
}

}  // namespace
}  // namespace veche::polling::protocol
