#include "services/polling/board/live_results.h"

#include <gmock/gmock.h>

#include "services/polling/protocol/voter_key.h"
#include "services/polling/testing/box_fixture.h"

namespace veche::polling::testing {
namespace {

// Counts the transactions that read.
class CountingDatabase final : public sql::Database {
 public:
  explicit CountingDatabase(sql::Database& inner) : inner_(inner) {}

  absl::Status Read(sql::TransactionBody body) override {
    ++reads;
    return inner_.Read(body);
  }
  absl::Status Write(sql::TransactionBody body) override { return inner_.Write(body); }
  sql::Engine engine() const override { return inner_.engine(); }

  int reads = 0;

 private:
  sql::Database& inner_;
};

class LiveResultsTest : public BoxTest {
 protected:
  // Puts ballots of new voters onto the board, in one batch.
  void Append(int ballots, uint64_t counter = 1) {
    Poll poll = *GetPoll();
    std::vector<std::string> entries;
    for (int i = 0; i < ballots; ++i) {
      if (counter == 1) voter_ = protocol::GenerateVoterKey();
      entries.push_back(protocol::EncodeEntry(test_.MakeBallot(*voter_, SomeAnswers(), counter)));
    }
    ASSERT_OK(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
      auto locked = polls_.Lock(transaction, poll.id);
      if (!locked.ok()) return locked.status();
      const absl::Status status = board_.Append(transaction, **locked, entries);
      return status.ok() ? polls_.Update(transaction, **locked) : status;
    }));
    clock_.Advance(absl::Seconds(1));
  }
  int64_t Shown(LiveResults& results) {
    const auto shown = results.Get(*GetPoll());
    EXPECT_OK(shown);
    return shown.ok() ? shown->ballot_count() : -1;
  }

  crypto::EvpKey voter_;
};

TEST_P(LiveResultsTest, ShowsWholeGroupsOfTheSizeOfABatch) {
  LiveResults results(*database_, entries_, clock_);
  ASSERT_EQ(test_.definition.batch_ballots, 20);
  EXPECT_EQ(Shown(results), 0);
  // The times of a quiet poll pass with few ballots in a batch.
  int appended = 0;
  for (const int batch : {1, 1, 17, 1, 1, 25, 13, 1}) {
    Append(batch);
    appended += batch;
    EXPECT_EQ(Shown(results), appended / 20 * 20) << "after " << appended;
    LiveResults restarted(*database_, entries_, clock_);
    EXPECT_EQ(Shown(restarted), appended / 20 * 20) << "after " << appended;
    const auto shown = results.Get(*GetPoll());
    EXPECT_EQ(shown->tree_size(), 1 + appended / 20 * 20);
    EXPECT_EQ(shown->questions_size(), static_cast<int>(test_.definition.questions.size()));
  }
}

TEST_P(LiveResultsTest, OneVoterWhoReplacesTheBallotDoesNotFillAGroup) {
  LiveResults results(*database_, entries_, clock_);
  Append(19);
  for (uint64_t counter = 2; counter < 30; ++counter) Append(1, counter);
  EXPECT_EQ(Shown(results), 0);
  Append(1);
  EXPECT_EQ(Shown(results), 20);
}

TEST_P(LiveResultsTest, ForgetsTheTallyThatWasNotAskedForLongest) {
  CountingDatabase database(*database_);
  LiveResults results(database, entries_, clock_, /*most=*/2);
  std::vector<Poll> polls;
  for (const char* id : {"a", "b", "c"}) {
    Poll poll{.id = id, .definition = test_.definition};
    ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
      return board_.Append(transaction, poll,
                           {protocol::EncodeEntry(protocol::EntryKind::kDefinition,
                                                  protocol::EncodeDefinition(poll.definition))});
    }));
    polls.push_back(poll);
  }
  const auto reads = [&](int poll) {
    const int before = database.reads;
    EXPECT_OK(results.Get(polls[static_cast<size_t>(poll)]));
    return database.reads - before;
  };
  EXPECT_EQ(reads(0), 1);
  EXPECT_EQ(reads(1), 1);
  EXPECT_EQ(reads(0), 0);
  EXPECT_EQ(reads(2), 1) << "takes the place of b";
  EXPECT_EQ(reads(0), 0);
  EXPECT_EQ(reads(1), 1) << "takes the place of c";
  EXPECT_EQ(reads(0), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, LiveResultsTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace veche::polling::testing
