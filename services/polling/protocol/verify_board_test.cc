#include "services/polling/protocol/verify_board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "common/crypto/sha256.h"
#include "common/merkle/proof.h"
#include "common/testing/status_matchers.h"
#include "services/polling/protocol/board_file.h"
#include "services/polling/protocol/mirror.h"
#include "services/polling/protocol/voter_key.h"
#include "services/polling/testing/test_poll.h"

namespace veche::polling::protocol {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::SomeAnswers;
using testing::TestPoll;
using veche::testing::StatusIs;
using Entries = std::vector<std::string>;

Report Verify(const Entries& entries, const merkle::SignedHead& head, std::string poll = "",
              std::string board_key = "") {
  BoardVerifier verifier(std::move(poll), std::move(board_key));
  for (const std::string& entry : entries) verifier.Add(entry);
  return verifier.Finish(head);
}

std::vector<std::vector<int64_t>> Counts(const Report& report) {
  std::vector<std::vector<int64_t>> counts;
  for (const counting::Result& result : report.results) counts.push_back(result.counts);
  return counts;
}

// A fault of the rule, at the entry, whose issuer is `issuer`.
MATCHER_P3(IsFault, rule, index, issuer, "") {
  *result_listener << "rule " << static_cast<int>(arg.rule) << " issuer " << arg.issuer << ": "
                   << arg.detail;
  return arg.rule == rule && arg.index == std::optional<uint64_t>(index) && arg.issuer == issuer;
}

MATCHER_P(IsFaultOfHead, detail, "") {
  *result_listener << arg.detail;
  return arg.rule == Rule::kHead && arg.detail.find(detail) != std::string::npos;
}

class VerifyBoardTest : public ::testing::Test {
 protected:
  std::vector<Ballot> Ballots() {
    return {poll_.MakeBallot(0, {{"park", {"north"}}}), poll_.MakeBallot(1, SomeAnswers()),
            poll_.MakeBallot(2, {{"park", {"south"}}}),
            poll_.MakeBallot(0, {{"park", {"south"}}}, 2)};
  }
  Entries Board() { return poll_.MakeBoard(Ballots(), {5}); }

  TestPoll poll_;
};

TEST_F(VerifyBoardTest, CountsABoardWithoutFaults) {
  const Entries entries = Board();
  const Report report =
      Verify(entries, poll_.MakeHead(entries), poll_.definition.poll, poll_.definition.board_key);
  EXPECT_THAT(report.faults, IsEmpty());
  EXPECT_EQ(report.fault_count, 0u);
  EXPECT_EQ(report.tree_size, 6u);
  EXPECT_EQ(report.ballots, 4);
  EXPECT_EQ(report.valid_ballots, 4);
  EXPECT_EQ(report.voters, 3);
  EXPECT_EQ(report.closing_record->issuers[0].issued, 5);
  EXPECT_EQ(report.result_hash, crypto::Sha256(report.result_json));
}

TEST_F(VerifyBoardTest, OnlyTheHighestCounterCountsInAnyOrder) {
  std::vector<Ballot> ballots = Ballots();
  const Entries entries = poll_.MakeBoard(ballots, {5});
  const Report report = Verify(entries, poll_.MakeHead(entries));
  std::swap(ballots[0], ballots[3]);
  const Entries swapped = poll_.MakeBoard(ballots, {5});
  const Report same = Verify(swapped, poll_.MakeHead(swapped));
  EXPECT_THAT(same.faults, IsEmpty());
  EXPECT_NE(same.root, report.root);
  EXPECT_EQ(Counts(same), Counts(report));
  EXPECT_THAT(Counts(report)[0], ElementsAre(1, 2, 0)) << "park: north, south, centre";
  EXPECT_EQ(report.results[1].answered, 1);
  EXPECT_EQ(report.results[1].skipped, 2);
}

TEST_F(VerifyBoardTest, NoticesARemovedChangedOrMovedEntry) {
  const Entries entries = Board();
  const merkle::SignedHead head = poll_.MakeHead(entries);
  Entries removed = entries;
  removed.erase(removed.begin() + 2);
  EXPECT_THAT(Verify(removed, head).faults,
              AllOf(Contains(IsFaultOfHead("the head is of 6 entries, the board has 5")),
                    Contains(IsFaultOfHead("do not hash to the root"))));
  Entries moved = entries;
  std::swap(moved[1], moved[2]);
  EXPECT_THAT(Verify(moved, head).faults, ElementsAre(IsFaultOfHead("do not hash to the root")));
  Entries changed = entries;
  changed[2] = EncodeEntry(poll_.MakeBallot(1, {{"park", {"south"}}}));
  EXPECT_THAT(Verify(changed, head).faults, ElementsAre(IsFaultOfHead("do not hash to the root")));
  Entries added = entries;
  added.insert(added.end() - 1, EncodeEntry(poll_.MakeBallot(3, SomeAnswers())));
  EXPECT_THAT(Verify(added, head).faults, Contains(IsFaultOfHead("the board has 7")));
}

TEST_F(VerifyBoardTest, NoticesAHeadThatIsNotTheBoardKeys) {
  const Entries entries = Board();
  merkle::SignedHead head = poll_.MakeHead(entries);
  EXPECT_THAT(Verify(entries, head, "another").faults, Contains(IsFault(Rule::kStructure, 0u, "")));
  EXPECT_THAT(Verify(entries, head, "", TestPoll(2).definition.issuers[1].statement_key).faults,
              AllOf(Contains(IsFaultOfHead("names another board key")),
                    Contains(IsFaultOfHead("signature is not valid"))));
  head.head.unix_seconds += 60;
  EXPECT_THAT(Verify(entries, head).faults, ElementsAre(IsFaultOfHead("signature is not valid")));
}

TEST_F(VerifyBoardTest, NoticesAWrongStructure) {
  const Entries entries = Board();
  const auto verify = [this](const Entries& board) { return Verify(board, poll_.MakeHead(board)); };
  EXPECT_THAT(verify({entries.begin() + 1, entries.end()}).faults,
              Contains(IsFault(Rule::kStructure, 0u, "")));
  EXPECT_THAT(verify({entries.begin(), entries.end() - 1}).faults,
              ElementsAre(IsFault(Rule::kStructure, std::nullopt, "")));
  Entries late = entries;
  std::swap(late[4], late[5]);
  EXPECT_THAT(verify(late).faults, Contains(IsFault(Rule::kStructure, 5u, "")));
  Entries unknown = entries;
  unknown[3] = "\x07";
  EXPECT_THAT(verify(unknown).faults, ElementsAre(IsFault(Rule::kStructure, 3u, "")));
  unknown[3] = "";
  EXPECT_THAT(verify(unknown).faults, ElementsAre(IsFault(Rule::kStructure, 3u, "")));
  unknown[3] = entries[0];  // a second definition
  EXPECT_THAT(verify(unknown).faults, ElementsAre(IsFault(Rule::kStructure, 3u, "")));
  EXPECT_GT(verify({}).fault_count, 0u);
}

TEST_F(VerifyBoardTest, NoticesForgedBallots) {
  std::vector<Ballot> ballots = Ballots();
  ballots[1].answers[0].options[0] = "south";             // changed
  ballots[2].credentials[0] = ballots[0].credentials[0];  // stolen
  poll_.SignBallot(2, ballots[2]);
  ballots.push_back(ballots[0]);  // replayed
  Entries entries = poll_.MakeBoard(ballots, {5});
  entries.insert(entries.end() - 1, EncodeEntry(ballots[0]).substr(0, 500));
  const Report report = Verify(entries, poll_.MakeHead(entries));
  EXPECT_THAT(report.faults,
              ElementsAre(IsFault(Rule::kBallot, 2u, ""), IsFault(Rule::kBallot, 3u, "city"),
                          IsFault(Rule::kUnique, 5u, ""), IsFault(Rule::kBallot, 6u, "")));
  EXPECT_EQ(report.valid_ballots, 2);
  EXPECT_EQ(report.voters, 1);
}

TEST_F(VerifyBoardTest, NamesAnIssuerThatSignedMoreThanItStates) {
  const Entries entries = poll_.MakeBoard(Ballots(), {2});
  const Report report = Verify(entries, poll_.MakeHead(entries));
  ASSERT_THAT(report.faults, ElementsAre(IsFault(Rule::kIssuer, std::nullopt, "city")));
  EXPECT_THAT(report.faults[0].detail,
              HasSubstr("signed 3 voter keys, but states that it issued 2"));
}

TEST_F(VerifyBoardTest, NoticesAStatementThatIsNotTheIssuers) {
  Entries entries = Board();
  ClosingRecord record = poll_.MakeClosingRecord({5});
  record.issuers[0].issued = 6;
  entries.back() = EncodeEntry(EntryKind::kClosingRecord, EncodeClosingRecord(record));
  EXPECT_THAT(Verify(entries, poll_.MakeHead(entries)).faults,
              ElementsAre(IsFault(Rule::kIssuer, 5u, "city")));
  record.issuers[0].issued = 5;
  record.issuers[0].statement = poll_.Statement(0, 5, /*final=*/false);
  entries.back() = EncodeEntry(EntryKind::kClosingRecord, EncodeClosingRecord(record));
  EXPECT_THAT(Verify(entries, poll_.MakeHead(entries)).faults,
              ElementsAre(IsFault(Rule::kIssuer, 5u, "city")));
}

TEST(VerifyTwoIssuersTest, NamesTheIssuerThatStuffs) {
  TestPoll poll(2);
  const auto forged = [&poll](int voter) {
    return poll.MakeBallot(poll.voter_key(voter), {{"park", {"north"}}}, 1, {true, false});
  };
  const Entries honest = poll.MakeBoard(
      {poll.MakeBallot(0, SomeAnswers()), poll.MakeBallot(1, SomeAnswers())}, {2, 3});
  EXPECT_THAT(Verify(honest, poll.MakeHead(honest)).faults, IsEmpty());

  const Entries stuffed =
      poll.MakeBoard({poll.MakeBallot(0, SomeAnswers()), forged(1), forged(2)}, {2, 3});
  const Report report = Verify(stuffed, poll.MakeHead(stuffed));
  EXPECT_THAT(report.faults,
              ElementsAre(IsFault(Rule::kBallot, 2u, "union"), IsFault(Rule::kIssuer, 2u, "city"),
                          IsFault(Rule::kBallot, 3u, "union"), IsFault(Rule::kIssuer, 3u, "city"),
                          IsFault(Rule::kIssuer, std::nullopt, "city")));
  EXPECT_EQ(report.voters, 1);
}

TEST(VerifyTwoIssuersTest, NamesTheIssuerOfABallotWithOneCredential) {
  TestPoll poll(2);
  Ballot ballot = poll.MakeBallot(0, SomeAnswers());
  ballot.credentials.erase(ballot.credentials.begin());  // the union's is left
  poll.SignBallot(0, ballot);
  const Entries entries = poll.MakeBoard({ballot}, {1, 1});
  EXPECT_THAT(Verify(entries, poll.MakeHead(entries)).faults,
              ElementsAre(IsFault(Rule::kBallot, 1u, ""), IsFault(Rule::kIssuer, 1u, "union")));
}

TEST_F(VerifyBoardTest, LimitsTheListOfFaults) {
  Entries entries = Board();
  entries.insert(entries.begin() + 1, kMaxFaults + 10, "\x01");
  const Report report = Verify(entries, poll_.MakeHead(entries));
  EXPECT_EQ(report.faults.size(), kMaxFaults);
  EXPECT_EQ(report.fault_count, kMaxFaults + 10);
}

class BoardFileTest : public VerifyBoardTest {
 protected:
  std::string File(const Entries& entries) {
    std::string file = EncodeBoardHeader(poll_.MakeHead(entries));
    for (const std::string& entry : entries) file += EncodeBoardEntry(entry);
    return file;
  }
  static absl::StatusOr<Report> VerifyFile(const std::string& text) {
    std::istringstream file(text);
    auto reader = BoardFileReader::Open(file);
    if (!reader.ok()) return reader.status();
    BoardVerifier verifier;
    std::string entry;
    for (;;) {
      const auto read = reader->Next(entry);
      if (!read.ok()) return read.status();
      if (!*read) return verifier.Finish(reader->head());
      verifier.Add(entry);
    }
  }
};

TEST_F(BoardFileTest, IsReadBack) {
  const std::string file = File(Board());
  EXPECT_THAT(file, ::testing::StartsWith("{\"poll\":\"01kdwh5e00p000000000000t01\","
                                          "\"signedHead\":{\"rootHash\":\""));
  const auto report = VerifyFile(file);
  ASSERT_OK(report);
  EXPECT_THAT(report->faults, IsEmpty());
  // Other writers may use white space and may omit the last end of line.
  std::string loose = file;
  loose.replace(loose.rfind("{\"entry\":\""), 10, "{ \"entry\" : \"");
  loose.pop_back();
  EXPECT_EQ(VerifyFile(loose)->fault_count, 0u);
}

TEST_F(BoardFileTest, NamesTheLineThatIsWrong) {
  const std::string file = File(Board());
  EXPECT_THAT(VerifyFile("").status().message(), HasSubstr("empty"));
  EXPECT_THAT(VerifyFile("hello\n").status().message(), HasSubstr("Line 1"));
  EXPECT_THAT(VerifyFile("{\"poll\":\"p\"}\n").status().message(),
              HasSubstr("Line 1: signedHead is missing"));
  EXPECT_THAT(VerifyFile(file + "{\"entry\":\"!!\"}\n").status().message(),
              HasSubstr("Line 8: entry must be base64"));
  EXPECT_THAT(VerifyFile(file + "{\"entry\":\"AAA\"}\n").status().message(),
              HasSubstr("Line 8: entry must be base64 with padding"));
  EXPECT_THAT(VerifyFile(file + "{\"ballot\":\"\"}\n").status().message(), HasSubstr("Line 8"));
  EXPECT_THAT(VerifyFile(file + std::string(kMaxBoardLine + 1, 'x')).status().message(),
              HasSubstr("Line 8 is too long"));
}

TEST_F(BoardFileTest, NoMutationPassesAsAnotherBoard) {
  const std::string file = File(Board());
  const std::string result = VerifyFile(file)->result_json;
  std::mt19937 random(3);
  for (int i = 0; i < 1'000; ++i) {
    std::string changed = file;
    const size_t at = random() % changed.size();
    if (i % 2 == 0) {
      changed[at] = static_cast<char>(random());
    } else {
      changed.erase(at, random() % 2000);
    }
    const auto report = VerifyFile(changed);
    if (report.ok() && report->fault_count == 0) {
      EXPECT_EQ(report->result_json, result);
    }
  }
}

class MirrorTest : public VerifyBoardTest {
 protected:
  merkle::SignedHead HeadOf(size_t entries) {
    return poll_.MakeHead({board_.begin(), board_.begin() + static_cast<ptrdiff_t>(entries)});
  }
  static merkle::Proof ConsistencyProof(const Entries& entries, uint64_t first) {
    merkle::Frontier tree;
    merkle::NodeMap nodes;
    for (const std::string& entry : entries) {
      for (const merkle::Node& node : tree.Append({merkle::LeafHash(entry)})) {
        nodes[node.id] = node.hash;
      }
    }
    return *merkle::ConsistencyProof(first, entries.size(), nodes);
  }

  const Entries board_ = Board();
  const std::string& key_ = poll_.definition.board_key;
};

TEST_F(MirrorTest, TakesABoardThatGrew) {
  EXPECT_OK(CheckContinues(HeadOf(3), HeadOf(6), ConsistencyProof(board_, 3), key_));
  EXPECT_OK(CheckContinues(HeadOf(3), HeadOf(3), {}, key_));
}

TEST_F(MirrorTest, NoticesAForkWithinOneHead) {
  Entries fork = board_;
  fork[2] = EncodeEntry(poll_.MakeBallot(4, SomeAnswers()));
  EXPECT_THAT(CheckContinues(HeadOf(4), poll_.MakeHead(fork), ConsistencyProof(fork, 4), key_),
              StatusIs(absl::StatusCode::kDataLoss));
  fork.pop_back();
  fork.pop_back();
  EXPECT_THAT(CheckContinues(HeadOf(4), poll_.MakeHead(fork), {}, key_),
              StatusIs(absl::StatusCode::kDataLoss));
  Entries removed = board_;
  removed.erase(removed.begin() + 1);
  EXPECT_THAT(
      CheckContinues(HeadOf(4), poll_.MakeHead(removed), ConsistencyProof(removed, 4), key_),
      StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(MirrorTest, AnOlderHeadIsNoRollBack) {
  const merkle::SignedHead head = HeadOf(6);
  const merkle::Proof proof = ConsistencyProof(board_, 3);
  EXPECT_OK(CheckContinues(head, HeadOf(3), proof, key_));
  EXPECT_THAT(CheckContinues(head, HeadOf(3), {}, key_), StatusIs(absl::StatusCode::kDataLoss));
  poll_.head_time += 60;
  const auto back = CheckContinues(head, HeadOf(3), proof, key_);
  EXPECT_THAT(back, StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(back.message(), HasSubstr("went back: it had 6 entries"));
}

TEST_F(MirrorTest, AHeadOfAnotherKeyProvesNothing) {
  merkle::SignedHead next = HeadOf(6);
  next.signature[5] = static_cast<char>(next.signature[5] ^ 1);
  EXPECT_THAT(CheckContinues(HeadOf(3), next, ConsistencyProof(board_, 3), key_),
              StatusIs(absl::StatusCode::kInvalidArgument));
  const auto odd = merkle::SignHead({.log_id = poll_.definition.poll,
                                     .size = 6,
                                     .unix_seconds = 1767830461,
                                     .root = HeadOf(6).head.root},
                                    poll_.board_key());
  EXPECT_THAT(CheckHead(*odd, poll_.definition.poll, key_),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace veche::polling::protocol
