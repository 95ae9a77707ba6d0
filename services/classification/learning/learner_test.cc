#include "services/classification/learning/learner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/classification/learning/promotion.h"
#include "services/classification/learning/world.h"

namespace veche::classification {
namespace {

using ::testing::HasSubstr;
using testing::LocalText;
using testing::World;
using veche::testing::IsOkAndHolds;

class LearnerTest : public ::testing::Test {
 protected:
  void Request() {
    world_.clock.Advance(absl::Seconds(1));  // runs are told apart by when they began
    EXPECT_OK(world_.database->Write([&](sql::Transaction& transaction) {
      return world_.models.RequestTraining(
          transaction,
          {.id = world_.ids.New(), .requester = "staff/root", .started = world_.clock.Now()});
    }));
  }
  ModelRecord Newest() {
    ModelRecord newest;
    EXPECT_OK(world_.database->Read([&](sql::Transaction& transaction) {
      auto found = world_.models.ListModels(transaction, 1);
      if (found.ok() && !found->empty()) newest = found->front();
      return found.status();
    }));
    return newest;
  }

  World world_;
};

TEST_F(LearnerTest, MakesACandidateThatRunsInShadow) {
  world_.DecideAgainst(60);
  Request();
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(world_.NewestTraining().state, TrainingState::kDone);
  const ModelRecord model = Newest();
  EXPECT_EQ(model.version, world_.NewestTraining().version);
  EXPECT_EQ(model.state, ModelState::kShadow);
  EXPECT_TRUE(model.scores.total().better());
  ASSERT_NE(world_.shelf->shadow(), nullptr);
  EXPECT_EQ(world_.shelf->shadow()->model().version(), model.version);
  EXPECT_EQ(world_.ActiveVersion(), world_.built_in->model().version());
}

TEST_F(LearnerTest, PromotesOnlyWhenTheCityWishesIt) {
  world_.options.promote_automatically = true;
  world_.DecideAgainst(60);
  Request();
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(world_.ActiveVersion(), Newest().version);
  EXPECT_EQ(Newest().state, ModelState::kActive);
}

TEST_F(LearnerTest, DoesNotPromoteWhatIsNotProven) {
  world_.options.promote_automatically = true;
  world_.DecideAgainst(10);  // two to test with
  Request();
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(Newest().state, ModelState::kShadow);
  EXPECT_EQ(world_.ActiveVersion(), world_.built_in->model().version());
}

TEST_F(LearnerTest, LeavesAModelThatWasTakenBackWhereItIs) {
  world_.options.promote_automatically = true;
  world_.DecideAgainst(60);
  Request();
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  ASSERT_EQ(world_.ActiveVersion(), Newest().version);
  ASSERT_OK(world_.database->Write([&](sql::Transaction& transaction) {
    return RollBack(transaction, world_.models, {.actor = "staff/root", .now = world_.clock.Now()});
  }));
  ASSERT_OK(world_.shelf->Refresh());
  Request();
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(world_.NewestTraining().state, TrainingState::kFailed);
  EXPECT_THAT(world_.NewestTraining().reason, HasSubstr("rejected before"));
  EXPECT_EQ(world_.ActiveVersion(), world_.built_in->model().version());
}

TEST_F(LearnerTest, SaysWhyARunFailed) {
  Request();
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(world_.NewestTraining().state, TrainingState::kFailed);
  EXPECT_THAT(world_.NewestTraining().reason, HasSubstr("nothing to learn"));
  world_.DecideAgainst(10);
  world_.texts.status = absl::UnavailableError("appeals is away");
  Request();
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_THAT(world_.NewestTraining().reason, HasSubstr("away"));
}

TEST_F(LearnerTest, LeavesOutWhatIsErasedUnknownOrTooMuchOfOne) {
  world_.options.staff_decisions = 5;
  const std::string right = world_.DecideAgainst(100, "staff/poisoner");  // of five people
  world_.texts.texts.erase("appeals/99");
  world_.Put({.appeal = "appeals/odd",
              .label = "categories/unknown",
              .staff = "staff/x",
              .time = world_.clock.Now()});
  Request();
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(Newest().scores.decisions(), 24);
  EXPECT_EQ(Newest().scores.left_out(), 77);
}

TEST_F(LearnerTest, ARunThatAStopInterruptsWaitsForTheNextStart) {
  world_.DecideAgainst(20);
  Request();
  {
    auto stopped = world_.MakeLearner();
    stopped->Stop();  // before its thread began: as early as can be
    EXPECT_THAT(stopped->RunOnce(), IsOkAndHolds(true));
  }
  EXPECT_EQ(world_.NewestTraining().state, TrainingState::kRunning);
  EXPECT_EQ(world_.NewestTraining().owner, "");
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(world_.NewestTraining().state, TrainingState::kDone);
}

TEST_F(LearnerTest, ARunWhoseProcessWasKilledHasFailed) {
  world_.DecideAgainst(20);
  Request();
  ASSERT_OK(world_.database->Write([&](sql::Transaction& transaction) {
    return world_.models
        .ClaimTraining(transaction, "killed", world_.clock.Now() + absl::Seconds(60))
        .status();
  }));
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(false));
  EXPECT_EQ(world_.NewestTraining().state, TrainingState::kRunning) << "it may still live";
  world_.clock.Advance(absl::Seconds(61));
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(false));
  EXPECT_EQ(world_.NewestTraining().state, TrainingState::kFailed);
  EXPECT_THAT(world_.NewestTraining().reason, HasSubstr("ended before"));
  Request();
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(world_.NewestTraining().state, TrainingState::kDone);
}

TEST_F(LearnerTest, TrainsByNightWhenThereIsEnoughToLearn) {
  world_.options.nightly_hour = 3;
  world_.options.nightly_decisions = 20;
  world_.options.zone = absl::UTCTimeZone();
  world_.clock.Set(absl::FromCivil(absl::CivilHour(2026, 11, 22, 4), absl::UTCTimeZone()));
  world_.DecideAgainst(19);
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(false));
  world_.DecideAgainst(1);
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(world_.NewestTraining().requester, "");
  world_.clock.Advance(absl::Minutes(30));
  world_.DecideAgainst(30);
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(false)) << "once a night";
  world_.clock.Advance(absl::Hours(24));
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
}

TEST(NightTest, IsOfTheCitysDay) {
  absl::TimeZone moscow;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Moscow", &moscow));
  const auto at = [&](int day, int hour) {
    return absl::FromCivil(absl::CivilHour(2026, 11, day, hour), moscow);
  };
  EXPECT_EQ(NewestNight(at(22, 3), 3, moscow), at(22, 3));
  EXPECT_EQ(NewestNight(at(22, 2), 3, moscow), at(21, 3));
  EXPECT_EQ(NewestNight(at(22, 23), 0, moscow), at(22, 0));
}

}  // namespace
}  // namespace veche::classification
