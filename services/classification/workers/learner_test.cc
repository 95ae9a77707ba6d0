#include "services/classification/workers/learner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/classification/learning/promotion.h"
#include "services/classification/testing/learning_world.h"

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
  world_.options.staff_share = 0.1;  // of 8 texts of the seed and 5 * cap: a cap of 1.6
  const std::string right = world_.DecideAgainst(100, "staff/poisoner");  // of five people
  world_.texts.texts.erase("appeals/99");
  world_.Put({.appeal = "appeals/odd",
              .label = "categories/unknown",
              .staff = "staff/x",
              .time = world_.clock.Now()});
  Request();
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(Newest().scores.decisions(), 4);
  EXPECT_EQ(Newest().scores.left_out(), 97);
}

TEST_F(LearnerTest, LearnsTheCitysOwnDepartments) {
  world_.DecideAgainst(20);
  const auto decide = [&](int appeal, const char* department) {
    world_.Put({.appeal = absl::StrCat("appeals/", appeal),
                .kind = LabelKind::kDepartment,
                .decision = Decision::kChanged,
                .label = department,
                .staff = absl::StrCat("staff/", appeal % 5),
                .time = world_.clock.Now()});
  };
  for (int i = 0; i < 10; ++i) decide(i, "departments/heat_networks");
  for (int i = 20; i < 25; ++i) {  // nothing was said of their category
    world_.texts.texts[absl::StrCat("appeals/", i)] = {LocalText(i)};
    decide(i, "departments/road_works");
  }
  decide(19, "departments/of_no_kind");
  Request();
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  const ModelRecord model = Newest();
  EXPECT_EQ(model.scores.decisions(), 25);
  const auto loaded = world_.shelf->Load(model.version);
  ASSERT_OK(loaded);
  EXPECT_EQ((*loaded)->model().parts().report.heads[kDepartment].examples, 15u);
  EXPECT_EQ((*loaded)->model().labels(kDepartment), (std::vector<std::string>{"housing", "roads"}));
}

TEST_F(LearnerTest, LearnsWhatIsUsualInADistrict) {
  world_.options.staff_share = 1;
  for (int i = 0; i < 160; ++i) {  // the same words in both
    const std::string appeal = absl::StrCat("appeals/", i);
    const bool north = i % 2 == 0;
    world_.texts.texts[appeal] = {LocalText(i / 2), {north ? "north" : "south", "web"}};
    world_.Put({.appeal = appeal,
                .decision = Decision::kChanged,
                .label = north ? "categories/heating" : "categories/manholes",
                .staff = absl::StrCat("staff/", i % 5),
                .time = world_.clock.Now() + absl::Seconds(i)});
  }
  Request();
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  const auto model = world_.shelf->Load(Newest().version);
  ASSERT_OK(model);
  const auto said = [&](const char* place) {
    return (*model)->Suggest(LocalText(30), {.places = {place}}).candidates[0].topic->id;
  };
  EXPECT_EQ(said("north"), "heating");
  EXPECT_EQ(said("south"), "manholes");
  EXPECT_GT(Newest().scores.category().value(), 0.9) << "it was asked with the place";
}

TEST_F(LearnerTest, TriesAgainWhileOthersAreAway) {
  world_.DecideAgainst(20);
  Request();
  const auto learner = world_.MakeLearner();
  world_.texts.status = absl::UnavailableError("appeals is away");
  EXPECT_THAT(learner->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(world_.NewestTraining().state, TrainingState::kRunning);
  EXPECT_THAT(world_.NewestTraining().reason, HasSubstr("Tried again in 1m: appeals is away"));
  EXPECT_THAT(learner->RunOnce(), IsOkAndHolds(false)) << "not at once";
  world_.clock.Advance(absl::Minutes(1));
  EXPECT_THAT(learner->RunOnce(), IsOkAndHolds(true));
  EXPECT_THAT(world_.NewestTraining().reason, HasSubstr("in 2m"));
  world_.texts.status = absl::OkStatus();
  EXPECT_THAT(learner->RunOnce(), IsOkAndHolds(false));
  learner->Wake();  // somebody asks by hand
  EXPECT_THAT(learner->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(world_.NewestTraining().state, TrainingState::kDone);
  EXPECT_EQ(world_.NewestTraining().reason, "");
}

TEST_F(LearnerTest, GivesUpAfterSomeHours) {
  world_.DecideAgainst(20);
  Request();
  const auto learner = world_.MakeLearner();
  world_.texts.status = absl::UnavailableError("appeals is away");
  const absl::Time begin = world_.clock.Now();
  while (world_.NewestTraining().state == TrainingState::kRunning &&
         world_.clock.Now() - begin < absl::Hours(10)) {
    EXPECT_OK(learner->RunOnce());
    world_.clock.Advance(absl::Minutes(1));
  }
  EXPECT_EQ(world_.NewestTraining().state, TrainingState::kFailed);
  EXPECT_EQ(world_.NewestTraining().reason, "appeals is away");
  EXPECT_GT(world_.clock.Now() - begin, absl::Hours(1));
  EXPECT_LT(world_.clock.Now() - begin, absl::Hours(3));
}

TEST_F(LearnerTest, OnePersonCannotPutAModelIntoUse) {
  world_.options.promote_automatically = true;
  world_.options.staff_share = 1;
  const std::string right = world_.DecideAgainst(0);
  for (int i = 0; i < 300; ++i) {  // the newest fifth is theirs as well
    const std::string appeal = absl::StrCat("appeals/", i);
    world_.texts.texts[appeal] = {LocalText(i)};
    world_.Put({.appeal = appeal,
                .decision = Decision::kCorrected,
                .label = "categories/" + right,
                .staff = "staff/poisoner",
                .time = world_.clock.Now() + absl::Seconds(i)});
  }
  Request();
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(Newest().state, ModelState::kShadow);
  EXPECT_EQ(Newest().scores.total().gained(), 60);
  EXPECT_EQ(Newest().scores.total().people(), 1);
  EXPECT_EQ(world_.ActiveVersion(), world_.built_in->model().version());
}

TEST_F(LearnerTest, MakesAModelAnewThatAnUpdateMadeUnreadable) {
  world_.DecideAgainst(60);
  const auto add = [&](const std::string& version) {
    ASSERT_OK(world_.database->Write([&](sql::Transaction& transaction) -> absl::Status {
      auto added = world_.models.AddModel(
          transaction, {.version = version, .created = world_.clock.Now()}, "of another program");
      if (!added.ok()) return added;
      return Promote(transaction, world_.models, world_.examples, version, world_.shelf->in_use(),
                     {.actor = "staff/root", .forced = true, .now = world_.clock.Now()});
    }));
  };
  add("0ld");
  world_.shelf = world_.OpenShelf();
  EXPECT_EQ(world_.shelf->in_use().unreadable, "0ld");
  world_.clock.Advance(absl::Seconds(1));
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(world_.NewestTraining().state, TrainingState::kDone);
  EXPECT_EQ(world_.NewestTraining().requester, "");
  world_.clock.Advance(absl::Seconds(1));
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(false)) << "the candidate waits";

  const auto list =
      world_.MakeHandlers().ListModels(rpc::testing::MakeCall(rpc::testing::Admin("root")), {});
  ASSERT_OK(list);
  int active = 0;
  for (const v1::Model& model : list->models()) {
    active += model.state() == v1::Model::ACTIVE ? 1 : 0;
    if (model.version() != "0ld") continue;
    EXPECT_EQ(model.state(), v1::Model::UNREADABLE);
    EXPECT_FALSE(model.active());
    EXPECT_THAT(model.reason(), HasSubstr("no Veche model"));
  }
  EXPECT_EQ(active, 1);
  world_.options.promote_automatically = true;
  EXPECT_THAT(world_.MakeLearner()->RunOnce(), IsOkAndHolds(false));
  EXPECT_EQ(world_.ActiveVersion(), world_.NewestTraining().version);
  EXPECT_EQ(world_.shelf->in_use().unreadable, "");
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
