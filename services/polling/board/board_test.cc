#include "services/polling/board/board.h"

#include <gmock/gmock.h>

#include <cmath>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/crypto/sha256.h"
#include "services/polling/protocol/mirror.h"
#include "services/polling/testing/box_fixture.h"

namespace veche::polling::testing {
namespace {

using ::testing::SizeIs;

class BoardTest : public BoxTest {
 protected:
  // A ballot that nobody checks.
  PendingBallot MakePending(int voter) {
    PendingBallot ballot{.voter_hash = crypto::Sha256(absl::StrCat("voter ", voter)),
                         .counter = 1,
                         .entry = absl::StrCat("ballot of ", voter),
                         .minute = WholeMinute(clock_.Now())};
    ballot.leaf_hash = std::string(merkle::HashBytes(merkle::LeafHash(ballot.entry)));
    return ballot;
  }
  void Cast(int voter) {
    const PendingBallot ballot = MakePending(voter);
    ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
      return entries_.AddPending(transaction, test_.definition.poll, ballot).status();
    }));
  }
  void SetBatch(int ballots) {
    ASSERT_OK(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
      auto poll = polls_.Lock(transaction, test_.definition.poll);
      if (!poll.ok()) return poll.status();
      (*poll)->definition.batch_ballots = ballots;
      return polls_.Update(transaction, **poll);
    }));
  }
  // The numbers of the voters in the order of the rows that the statement gives.
  std::vector<int> VotersBy(const char* statement,
                            const absl::flat_hash_map<std::string, int>& voters) {
    std::vector<int> order;
    EXPECT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
      auto rows = transaction.Query(statement);
      if (!rows.ok()) return rows.status();
      for (const sql::Row& row : *rows) {
        const auto found = voters.find(row.Bytes(0));
        if (found != voters.end()) order.push_back(found->second);
      }
      return absl::OkStatus();
    }));
    return order;
  }
};

TEST_P(BoardTest, EveryHeadContinuesTheFormerOnes) {
  std::vector<merkle::SignedHead> heads = {HeadOf(*GetPoll())};
  const std::string key = board_.PublicKey();
  int voter = 0;
  for (const int batch : {1, 20, 3, 64, 41}) {
    for (int i = 0; i < batch; ++i) Cast(voter++);
    clock_.Advance(absl::Minutes(10));
    ASSERT_OK(keeper_->AppendDue());
    const auto poll = GetPoll();
    ASSERT_OK(poll);
    const merkle::SignedHead next = HeadOf(*poll);
    EXPECT_EQ(next.head.size, static_cast<uint64_t>(voter + 1));
    for (const merkle::SignedHead& former : heads) {
      ASSERT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
        auto proof = board_.ProveConsistency(transaction, *poll, former.head.size, next.head.size);
        if (!proof.ok()) return proof.status();
        return protocol::CheckContinues(former, next, *proof, key);
      }));
    }
    heads.push_back(next);
  }
}

TEST_P(BoardTest, ReplicasThatAppendAtOnceDoNotForkTheBoard) {
  constexpr int kVoters = 200;
  SetBatch(1);
  const auto second = MakeKeeper();
  std::thread voting([&] {
    for (int i = 0; i < kVoters; ++i) Cast(i);
  });
  const auto append = [&](BoardKeeper& keeper) {
    while (true) {
      EXPECT_OK(keeper.AppendDue());
      if (GetPoll()->tree_size == kVoters + 1) return;
    }
  };
  std::thread first_keeper([&] { append(*keeper_); });
  std::thread second_keeper([&] { append(*second); });
  voting.join();
  first_keeper.join();
  second_keeper.join();

  const std::vector<std::string> entries = Entries();
  ASSERT_THAT(entries, SizeIs(kVoters + 1)) << "each ballot once";
  std::vector<merkle::Hash> leaves;
  for (const std::string& entry : entries) leaves.push_back(merkle::LeafHash(entry));
  merkle::Frontier frontier;
  frontier.Append(leaves);
  EXPECT_EQ(std::string(merkle::HashBytes(frontier.Root())), GetPoll()->head_root);
}

// Residents get their credentials one after the other and vote at once: the worst case. The
// adversary knows the order of the credentials, has the whole database and knows the batches.
// Within a batch, a random order gives one right pair on average, with a variance of one.
TEST_P(BoardTest, AnAdversaryWithTheDatabasePairsVotersNoBetterThanChance) {
  const bool postgres = GetParam().name == "Postgres";
  for (const int batch : {20, 1}) {
    const int voters = batch == 1 ? 200 : postgres ? 2'000 : 10'000;
    SetBatch(batch);
    const uint64_t before = GetPoll()->tree_size;
    absl::flat_hash_map<std::string, int> by_hash, by_entry;
    for (int i = 0; i < voters; ++i) {
      const PendingBallot ballot = MakePending(batch * 100'000 + i);
      by_hash[ballot.voter_hash] = i;
      by_entry[ballot.entry] = i;
      Cast(batch * 100'000 + i);
      if ((i + 1) % batch == 0) {
        ASSERT_OK(keeper_->AppendDue());
      }
    }
    ASSERT_EQ(GetPoll()->tree_size, before + static_cast<uint64_t>(voters));

    const double batches = static_cast<double>(voters) / batch;
    const double chance = batches + 4.5 * std::sqrt(batches);
    const auto right_pairs = [](const std::vector<int>& order) {
      int right = 0;
      for (size_t i = 0; i < order.size(); ++i) right += order[i] == static_cast<int>(i) ? 1 : 0;
      return right;
    };
    const int by_board =
        right_pairs(VotersBy("SELECT entry FROM board_entries ORDER BY idx", by_entry));
    // The order in which the engine keeps its rows.
    const int by_rows = right_pairs(VotersBy("SELECT voter_hash FROM voters", by_hash));
    if (batch == 20) {
      EXPECT_LE(by_board, chance);
      EXPECT_LE(by_rows, chance);
      EXPECT_GE(by_board, batches - 4.5 * std::sqrt(batches)) << "the test counts nothing";
    } else {
      EXPECT_EQ(by_board, voters) << "without batches the order tells everything";
    }
  }
}

TEST_P(BoardTest, APollWhoseKeyIsLostHoldsUpNoOther) {
  Poll broken{.id = "01kdwh5e00p000000000000000",  // sorts first
              .state = PollState::kOpen,
              .definition = test_.definition,
              .close_time = absl::FromUnixSeconds(test_.definition.close_time),
              .create_time = clock_.Now(),
              .tree_size = 1};
  broken.definition.poll = broken.id;
  broken.definition.board_key = std::string(32, 'x');
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
    const absl::Status status = polls_.Add(transaction, broken);
    return status.ok() ? entries_.AddPending(transaction, broken.id, MakePending(1)).status()
                       : status;
  }));
  Cast(2);
  clock_.Advance(absl::Minutes(10));
  EXPECT_FALSE(keeper_->AppendDue().ok());
  EXPECT_THAT(Entries(), SizeIs(2)) << "the ballot of the other poll is appended";
}

TEST_P(BoardTest, TheTablesOfBallotsHaveNoTimeFinerThanAMinute) {
  clock_.Advance(absl::Seconds(17));
  ASSERT_OK(box_->Cast(test_.MakeBallot(0, SomeAnswers())));
  ASSERT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
    auto rows = transaction.Query("SELECT minute FROM pending_ballots");
    if (!rows.ok()) return rows.status();
    EXPECT_THAT(*rows, SizeIs(1));
    EXPECT_EQ((*rows)[0].Int(0) % 60, 0);
    return absl::OkStatus();
  }));
}

INSTANTIATE_TEST_SUITE_P(Engines, BoardTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace veche::polling::testing
