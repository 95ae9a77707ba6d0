#include "services/polling/board/ballot_box.h"

#include <gmock/gmock.h>

#include <atomic>
#include <functional>
#include <thread>

#include "common/merkle/proof.h"
#include "services/polling/protocol/voter_key.h"
#include "services/polling/testing/box_fixture.h"

namespace veche::polling::testing {
namespace {

using ::testing::SizeIs;
using veche::testing::HasReason;
using veche::testing::StatusIs;

class BallotBoxTest : public BoxTest {};

TEST_P(BallotBoxTest, ABallotIsOnTheBoardWithAProofAfterItsBatch) {
  const auto leaf = box_->Cast(test_.MakeBallot(0, SomeAnswers()));
  ASSERT_OK(leaf);
  auto receipt = receipts_->Get(test_.definition.poll, leaf->leaf_hash);
  ASSERT_OK(receipt);
  EXPECT_FALSE(receipt->has_board_index()) << "it waits for its batch";
  ASSERT_OK(keeper_->AppendDue());
  EXPECT_THAT(Entries(), SizeIs(1)) << "neither 20 ballots nor 10 minutes";

  clock_.Advance(absl::Minutes(10));
  ASSERT_OK(keeper_->AppendDue());
  receipt = receipts_->Get(test_.definition.poll, leaf->leaf_hash);
  ASSERT_OK(receipt);
  ASSERT_TRUE(receipt->has_board_index());
  EXPECT_EQ(receipt->board_index(), 1);
  const auto poll = GetPoll();
  ASSERT_OK(poll);
  const merkle::SignedHead head = HeadOf(*poll);
  EXPECT_TRUE(merkle::VerifyHead(head, test_.board_key()));
  EXPECT_EQ(head.head.unix_seconds % 60, 0u);
  std::vector<merkle::Hash> proof;
  for (const std::string& hash : receipt->inclusion_proof()) {
    proof.push_back(*merkle::HashFromBytes(hash));
  }
  EXPECT_TRUE(merkle::VerifyInclusion(*merkle::HashFromBytes(leaf->leaf_hash), 1, 2, proof,
                                      head.head.root));
}

TEST_P(BallotBoxTest, TheSameBallotAgainChangesNothing) {
  const protocol::Ballot ballot = test_.MakeBallot(0, SomeAnswers());
  const auto leaf = box_->Cast(ballot);
  ASSERT_OK(leaf);
  EXPECT_EQ(box_->Cast(ballot)->leaf_hash, leaf->leaf_hash) << "while it waits";
  clock_.Advance(absl::Minutes(10));
  ASSERT_OK(keeper_->AppendDue());
  EXPECT_EQ(box_->Cast(ballot)->leaf_hash, leaf->leaf_hash) << "on the board";
  clock_.Set(absl::FromUnixSeconds(test_.definition.close_time));
  EXPECT_EQ(box_->Cast(ballot)->leaf_hash, leaf->leaf_hash)
      << "a voter who lost the answer asks after the close";
  ASSERT_OK(keeper_->AppendDue());
  EXPECT_THAT(Entries(), SizeIs(2));
}

TEST_P(BallotBoxTest, AHigherCounterReplacesALowerOneIsRefused) {
  ASSERT_OK(box_->Cast(test_.MakeBallot(0, SomeAnswers(), 5)));
  EXPECT_THAT(box_->Cast(test_.MakeBallot(0, {{"park", {"south"}}}, 5)),
              HasReason("COUNTER_NOT_HIGHER"));
  EXPECT_THAT(box_->Cast(test_.MakeBallot(0, {{"park", {"south"}}}, 4)),
              HasReason("COUNTER_NOT_HIGHER"));
  ASSERT_OK(box_->Cast(test_.MakeBallot(0, {{"park", {"south"}}}, 6)));
  clock_.Advance(absl::Minutes(10));
  ASSERT_OK(keeper_->AppendDue());
  EXPECT_THAT(box_->Cast(test_.MakeBallot(0, SomeAnswers(), 6)), HasReason("COUNTER_NOT_HIGHER"));
  EXPECT_THAT(Entries(), SizeIs(3)) << "both ballots are on the board, the tally takes the last";
}

TEST_P(BallotBoxTest, ABatchCountsVotersNotTheirBallots) {
  for (uint64_t counter = 1; counter <= 20; ++counter) {
    ASSERT_OK(box_->Cast(test_.MakeBallot(0, SomeAnswers(), counter)));
  }
  ASSERT_OK(keeper_->AppendDue());
  EXPECT_THAT(Entries(), SizeIs(1)) << "another voter's ballot would hide among none";
}

TEST_P(BallotBoxTest, AVoterKeyCastsAHundredBallotsAtMost) {
  for (int64_t counter = 1; counter <= BallotBox::kMostBallots; ++counter) {
    ASSERT_OK(box_->Cast(test_.MakeBallot(0, SomeAnswers(), static_cast<uint64_t>(counter))));
    if (counter % 40 == 0) {
      clock_.Advance(absl::Minutes(10));
      ASSERT_OK(keeper_->AppendDue());
    }
  }
  EXPECT_THAT(box_->Cast(test_.MakeBallot(0, SomeAnswers(), 1000)), HasReason("TOO_MANY_BALLOTS"));
  EXPECT_OK(box_->Cast(test_.MakeBallot(1, SomeAnswers())));
}

TEST_P(BallotBoxTest, AnotherBoardKeySignsNothing) {
  const crypto::EvpKey other = crypto::GenerateEd25519();
  Board wrong(entries_, *other, clock_);
  EXPECT_THAT(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
    auto poll = polls_.Lock(transaction, test_.definition.poll);
    return poll.ok() ? wrong.Append(transaction, **poll, {"entry"}) : poll.status();
  }),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Entries(), SizeIs(1));
}

TEST_P(BallotBoxTest, RefusesForgedBallots) {
  const crypto::EvpKey foreign = protocol::GenerateVoterKey();
  struct Forgery {
    const char* name;
    std::function<void(protocol::Ballot&)> forge;
    bool sign;  // again, after the change
    const char* reason;
  };
  const std::string poll = test_.definition.poll;
  const Forgery forgeries[] = {
      {"wrong poll", [](auto& b) { b.poll = "01kdwh5e00p000000000000t02"; }, true,
       "POLL_NOT_FOUND"},
      {"wrong prefix", [](auto& b) { b.credentials[0].prefix[0] ^= 1; }, true, "BALLOT_NOT_VALID"},
      {"changed salt", [](auto& b) { b.salt[0] ^= 1; }, false, "BALLOT_NOT_VALID"},
      {"changed answer", [](auto& b) { b.answers[0].options = {"south"}; }, false,
       "BALLOT_NOT_VALID"},
      {"lower counter", [](auto& b) { b.counter = 1; }, false, "BALLOT_NOT_VALID"},
      {"foreign key", [&](auto& b) { b.voter_key = protocol::VoterPublicKey(*foreign); }, true,
       "BALLOT_NOT_VALID"},
      {"wrong credential", [](auto& b) { b.credentials[0].signature[9] ^= 1; }, true,
       "BALLOT_NOT_VALID"},
      {"second credential", [](auto& b) { b.credentials.push_back(b.credentials[0]); }, true,
       "BALLOT_NOT_VALID"},
      {"wrong signature", [](auto& b) { b.signature[3] ^= 1; }, false, "BALLOT_NOT_VALID"},
  };
  for (const Forgery& forgery : forgeries) {
    protocol::Ballot ballot = test_.MakeBallot(0, SomeAnswers(), 2);
    forgery.forge(ballot);
    if (forgery.sign) test_.SignBallot(0, ballot);
    EXPECT_THAT(box_->Cast(ballot), HasReason(forgery.reason)) << forgery.name;
  }
  const std::vector<protocol::Answer> not_allowed[] = {
      {{"park", {"north", "north"}}},    // twice
      {{"park", {"nowhere"}}},           // out of range
      {{"park", {}}},                    // empty
      {{"sports", {"o1", "o2", "o3"}}},  // too many
      {{"money", {"p1", "p2", "p4"}}},   // over budget
      {{"park", {"north"}}, {"park", {"south"}}},
      {{"weather", {"sun"}}},
  };
  for (const auto& answers : not_allowed) {
    EXPECT_THAT(box_->Cast(test_.MakeBallot(0, answers)),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(keeper_->AppendDue());
  EXPECT_THAT(Entries(), SizeIs(1)) << "nothing of this is on the board";
}

TEST_P(BallotBoxTest, TakesBallotsFromTheOpenTimeToTheCloseTime) {
  const protocol::Ballot ballot = test_.MakeBallot(0, SomeAnswers());
  clock_.Set(absl::FromUnixSeconds(test_.definition.open_time) - absl::Microseconds(1));
  EXPECT_THAT(box_->Cast(ballot), HasReason("POLL_NOT_OPEN"));
  clock_.Set(absl::FromUnixSeconds(test_.definition.close_time));
  EXPECT_THAT(box_->Cast(ballot), HasReason("POLL_CLOSED"));
  clock_.Set(absl::FromUnixSeconds(test_.definition.close_time) - absl::Microseconds(1));
  EXPECT_OK(box_->Cast(ballot));
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
    return polls_.CloseGate(transaction, test_.definition.poll);
  }));
  EXPECT_THAT(box_->Cast(test_.MakeBallot(1, SomeAnswers())), HasReason("POLL_CLOSED"));
}

TEST_P(BallotBoxTest, OfParallelBallotsWithOneCounterOneWins) {
  constexpr int kTries = 16;
  std::vector<protocol::Ballot> ballots;
  for (int i = 0; i < kTries; ++i) ballots.push_back(test_.MakeBallot(0, SomeAnswers()));
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (const protocol::Ballot& ballot : ballots) {
    threads.emplace_back([&] {
      const auto leaf = box_->Cast(ballot);
      if (leaf.ok()) ++taken;
      if (!leaf.ok()) {
        EXPECT_THAT(leaf, HasReason("COUNTER_NOT_HIGHER"));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, 1);
}

TEST_P(BallotBoxTest, AFailedBatchLosesNothing) {
  ASSERT_OK(box_->Cast(test_.MakeBallot(0, SomeAnswers())));
  const absl::Status killed = database_->Write([&](sql::Transaction& transaction) -> absl::Status {
    auto poll = polls_.Lock(transaction, test_.definition.poll);
    if (!poll.ok()) return poll.status();
    auto leaves = board_.AppendBatch(transaction, **poll);
    return leaves.ok() ? absl::CancelledError("killed before the commit") : leaves.status();
  });
  EXPECT_THAT(killed, StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(Entries(), SizeIs(1));
  clock_.Advance(absl::Minutes(10));
  ASSERT_OK(keeper_->AppendDue());
  EXPECT_THAT(Entries(), SizeIs(2));
}

INSTANTIATE_TEST_SUITE_P(Engines, BallotBoxTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace veche::polling::testing
