#include "services/classification/storage/model_store.h"

#include <gtest/gtest.h>

#include "common/rpc/idempotency.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"
#include "services/classification/storage/migrations.h"
#include "services/classification/storage/model_store.h"
#include "services/classification/testing/learning_fakes.h"

namespace veche::classification {
namespace {

using testing::TimeAt;
using veche::testing::StatusIs;

class ModelStoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    database_ = GetParam().open();
    if (database_ == nullptr) GTEST_SKIP() << GetParam().name << " cannot be started here";
    ASSERT_OK(sql::Migrate(*database_,
                           {rpc::IdempotencyMigrations(), events::Migrations(), Migrations()}));
  }
  // Runs `body` in a writing transaction and returns its result.
  template <typename Body>
  auto In(Body body) {
    decltype(body(std::declval<sql::Transaction&>())) result = absl::UnknownError("not run");
    EXPECT_OK(database_->Write([&](sql::Transaction& transaction) {
      result = body(transaction);
      return absl::OkStatus();
    }));
    return result;
  }
  absl::Status Request(const std::string& id, int second) {
    return In([&](sql::Transaction& transaction) {
      return store_.RequestTraining(transaction,
                                    {.id = id, .requester = "staff/a", .started = TimeAt(second)});
    });
  }
  std::optional<TrainingRecord> Claim(const std::string& owner, int lease) {
    return *In([&](sql::Transaction& transaction) {
      return store_.ClaimTraining(transaction, owner, TimeAt(lease));
    });
  }

  std::unique_ptr<sql::Database> database_;
  ModelStore store_;
};

TEST_P(ModelStoreTest, KeepsBytesInPieces) {
  std::string bytes(700'000, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 >> 3);
  ModelRecord model{.version = "v1", .source = "city", .created = TimeAt(1)};
  model.scores.set_decisions(7);
  for (int i = 0; i < 2; ++i) {  // the second call changes nothing
    EXPECT_OK(In([&](sql::Transaction& t) { return store_.AddModel(t, model, bytes); }));
  }
  EXPECT_EQ(*In([&](sql::Transaction& t) { return store_.ReadBytes(t, "v1"); }), bytes);
  EXPECT_OK(In([&](sql::Transaction& t) {
    return store_.SetState(t, "v1", ModelState::kShadow, "looks good");
  }));
  const auto found = *In([&](sql::Transaction& t) { return store_.FindModel(t, "v1"); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->state, ModelState::kShadow);
  EXPECT_EQ(found->reason, "looks good");
  EXPECT_EQ(found->scores.decisions(), 7);
  EXPECT_EQ(In([&](sql::Transaction& t) {
              return store_.ListInState(t, ModelState::kShadow, 5);
            })->size(),
            1u);
  EXPECT_OK(In([&](sql::Transaction& t) { return store_.DeleteModel(t, "v1"); }));
  EXPECT_EQ(*In([&](sql::Transaction& t) { return store_.ReadBytes(t, "v1"); }), "");
  EXPECT_TRUE(In([&](sql::Transaction& t) { return store_.ListModels(t, 5); })->empty());
}

TEST_P(ModelStoreTest, KeepsTheNewestScoresByPerson) {
  ModelRecord model{.version = "v1", .created = TimeAt(1)};
  EXPECT_OK(In([&](sql::Transaction& t) { return store_.AddModel(t, model, "bytes"); }));
  const auto pairs = [&] {
    return *In([&](sql::Transaction& t) { return store_.FindPairs(t, "v1"); });
  };
  EXPECT_EQ(pairs(), PairsByPerson());
  const PairsByPerson first = {{"staff/a", {.of = 3, .gained = 2}}, {"staff/b", {.of = 1}}};
  const PairsByPerson second = {{"staff/a", {.of = 9, .gained = 2, .lost = 1}}};
  for (const PairsByPerson& newest : {first, second}) {
    model.scores.set_decisions(model.scores.decisions() + 1);
    EXPECT_OK(
        In([&](sql::Transaction& t) { return store_.SetScores(t, "v1", model.scores, newest); }));
    EXPECT_EQ(pairs(), newest);
  }
  EXPECT_EQ(
      (*In([&](sql::Transaction& t) { return store_.FindModel(t, "v1"); }))->scores.decisions(), 2);
  EXPECT_OK(In([&](sql::Transaction& t) { return store_.DeleteModel(t, "v1"); }));
  EXPECT_EQ(pairs(), PairsByPerson());
}

TEST_P(ModelStoreTest, TwoCannotActivateAtOnce) {
  EXPECT_EQ(In([&](sql::Transaction& t) { return store_.CurrentActivation(t); })->seq, 0);
  const Activation first{.seq = 1, .version = "v1", .action = "PROMOTE", .time = TimeAt(1)};
  EXPECT_OK(In([&](sql::Transaction& t) { return store_.AddActivation(t, first); }));
  EXPECT_THAT(database_->Write([&](sql::Transaction& t) { return store_.AddActivation(t, first); }),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(In([&](sql::Transaction& t) { return store_.CurrentActivation(t); })->version, "v1");
  EXPECT_FALSE((*In([&](sql::Transaction& t) { return store_.FindActivation(t, 2); })).has_value());
}

TEST_P(ModelStoreTest, OneTrainingRunsAtATime) {
  EXPECT_OK(Request("a", 1));
  EXPECT_OK(Request("b", 2));  // a run waits already
  EXPECT_EQ((*In([&](sql::Transaction& t) { return store_.NewestTraining(t); }))->id, "a");
  EXPECT_EQ(Claim("me", 100)->id, "a");
  EXPECT_FALSE(Claim("you", 100).has_value());
  EXPECT_FALSE(*In([&](sql::Transaction& t) {
    return store_.EndTraining(t, "you", TrainingState::kDone, TimeAt(3), "v1", "");
  }));
  EXPECT_EQ(*In([&](sql::Transaction& t) { return store_.StartOfNewestDone(t); }),
            absl::InfinitePast());
  EXPECT_TRUE(*In([&](sql::Transaction& t) {
    return store_.EndTraining(t, "me", TrainingState::kDone, TimeAt(3), "v1", "");
  }));
  EXPECT_EQ(*In([&](sql::Transaction& t) { return store_.StartOfNewestDone(t); }), TimeAt(1));
  EXPECT_OK(Request("b", 4));
  EXPECT_EQ(Claim("you", 100)->id, "b");
}

TEST_P(ModelStoreTest, ARunWhoseOwnerIsGoneHasFailed) {
  EXPECT_OK(Request("a", 1));
  Claim("me", 10);
  const auto fail_lost = [&](int before) {
    return *In([&](sql::Transaction& t) {
      return store_.FailExpired(t, TimeAt(before), TimeAt(50), "gone");
    });
  };
  EXPECT_EQ(fail_lost(5), 0);
  EXPECT_OK(In([&](sql::Transaction& t) { return store_.RenewLease(t, "me", TimeAt(20)); }));
  EXPECT_EQ(fail_lost(15), 0);
  EXPECT_EQ(fail_lost(21), 1);
  const auto lost = *In([&](sql::Transaction& t) { return store_.NewestTraining(t); });
  EXPECT_EQ(lost->state, TrainingState::kFailed);
  EXPECT_EQ(lost->reason, "gone");
  EXPECT_FALSE(*In([&](sql::Transaction& t) {
    return store_.EndTraining(t, "me", TrainingState::kDone, TimeAt(60), "v", "");
  }));
}

TEST_P(ModelStoreTest, AnInterruptedRunWaitsAgain) {
  EXPECT_OK(Request("a", 1));
  Claim("me", 10);
  EXPECT_TRUE(*In([&](sql::Transaction& t) {
    return store_.EndTraining(t, "me", TrainingState::kRunning, TimeAt(2), "", "");
  }));
  EXPECT_EQ(Claim("you", 20)->id, "a");
}

INSTANTIATE_TEST_SUITE_P(Engines, ModelStoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::classification
