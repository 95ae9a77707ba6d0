#include "services/classification/workers/learner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/classification/learning/promotion.h"
#include "services/classification/testing/learning_fixture.h"

namespace veche::classification {
namespace {

using ::testing::HasSubstr;
using testing::LearningFixture;
using testing::LocalText;
using veche::testing::IsOkAndHolds;

class LearnerTest : public ::testing::Test {
 protected:
  void Request() {
    fixture_.clock.Advance(absl::Seconds(1));  // runs differ by their start
    EXPECT_OK(fixture_.database->Write([&](sql::Transaction& transaction) {
      return fixture_.models.RequestTraining(
          transaction,
          {.id = fixture_.ids.New(), .requester = "staff/root", .started = fixture_.clock.Now()});
    }));
  }
  ModelRecord Newest() {
    ModelRecord newest;
    EXPECT_OK(fixture_.database->Read([&](sql::Transaction& transaction) {
      auto found = fixture_.models.ListModels(transaction, 1);
      if (found.ok() && !found->empty()) newest = found->front();
      return found.status();
    }));
    return newest;
  }

  LearningFixture fixture_;
};

TEST_F(LearnerTest, MakesACandidateThatRunsInShadow) {
  fixture_.DecideAgainst(60);
  Request();
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(fixture_.NewestTraining().state, TrainingState::kDone);
  const ModelRecord model = Newest();
  EXPECT_EQ(model.version, fixture_.NewestTraining().version);
  EXPECT_EQ(model.state, ModelState::kShadow);
  EXPECT_TRUE(model.scores.total().better());
  ASSERT_NE(fixture_.registry->shadow(), nullptr);
  EXPECT_EQ(fixture_.registry->shadow()->model().version(), model.version);
  EXPECT_EQ(fixture_.ActiveVersion(), fixture_.built_in->model().version());
}

TEST_F(LearnerTest, PromotesOnlyWhenTheCityWishesIt) {
  fixture_.options.promote_automatically = true;
  fixture_.DecideAgainst(60);
  Request();
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(fixture_.ActiveVersion(), Newest().version);
  EXPECT_EQ(Newest().state, ModelState::kActive);
}

TEST_F(LearnerTest, DoesNotPromoteWhatIsNotProven) {
  fixture_.options.promote_automatically = true;
  fixture_.DecideAgainst(10);  // two to test with
  Request();
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(Newest().state, ModelState::kShadow);
  EXPECT_EQ(fixture_.ActiveVersion(), fixture_.built_in->model().version());
}

TEST_F(LearnerTest, LeavesAModelThatWasTakenBackWhereItIs) {
  fixture_.options.promote_automatically = true;
  fixture_.DecideAgainst(60);
  Request();
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  ASSERT_EQ(fixture_.ActiveVersion(), Newest().version);
  ASSERT_OK(fixture_.database->Write([&](sql::Transaction& transaction) {
    return RollBack(transaction, fixture_.models,
                    {.actor = "staff/root", .now = fixture_.clock.Now()});
  }));
  ASSERT_OK(fixture_.registry->Refresh());
  Request();
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(fixture_.NewestTraining().state, TrainingState::kFailed);
  EXPECT_THAT(fixture_.NewestTraining().reason, HasSubstr("rejected before"));
  EXPECT_EQ(fixture_.ActiveVersion(), fixture_.built_in->model().version());
}

TEST_F(LearnerTest, SaysWhyARunFailed) {
  Request();
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(fixture_.NewestTraining().state, TrainingState::kFailed);
  EXPECT_THAT(fixture_.NewestTraining().reason, HasSubstr("nothing to learn"));
  fixture_.DecideAgainst(10);
  fixture_.texts.status = absl::UnavailableError("appeals is away");
  Request();
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_THAT(fixture_.NewestTraining().reason, HasSubstr("away"));
}

TEST_F(LearnerTest, LeavesOutWhatIsErasedUnknownOrTooMuchOfOne) {
  fixture_.options.staff_share = 0.1;  // of 8 texts of the seed and 5 * cap: a cap of 1.6
  const std::string right = fixture_.DecideAgainst(100, "staff/poisoner");  // of five people
  fixture_.texts.texts.erase("appeals/99");
  fixture_.Put({.appeal = "appeals/odd",
                .label = "categories/unknown",
                .staff = "staff/x",
                .time = fixture_.clock.Now()});
  Request();
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(Newest().scores.decisions(), 4);
  EXPECT_EQ(Newest().scores.left_out(), 97);
}

TEST_F(LearnerTest, LearnsTheCitysOwnDepartments) {
  fixture_.DecideAgainst(20);
  const auto decide = [&](int appeal, const char* department) {
    fixture_.Put({.appeal = absl::StrCat("appeals/", appeal),
                  .kind = LabelKind::kDepartment,
                  .decision = Decision::kChanged,
                  .label = department,
                  .staff = absl::StrCat("staff/", appeal % 5),
                  .time = fixture_.clock.Now()});
  };
  for (int i = 0; i < 10; ++i) decide(i, "departments/heat_networks");
  for (int i = 20; i < 25; ++i) {  // nobody decided their category
    fixture_.texts.texts[absl::StrCat("appeals/", i)] = {LocalText(i)};
    decide(i, "departments/road_works");
  }
  decide(19, "departments/of_no_kind");
  Request();
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  const ModelRecord model = Newest();
  EXPECT_EQ(model.scores.decisions(), 25);
  const auto loaded = fixture_.registry->Load(model.version);
  ASSERT_OK(loaded);
  EXPECT_EQ((*loaded)->model().parts().report.heads[kDepartment].examples, 15u);
  EXPECT_EQ((*loaded)->model().labels(kDepartment), (std::vector<std::string>{"housing", "roads"}));
}

TEST_F(LearnerTest, LearnsWhatIsUsualInADistrict) {
  fixture_.options.staff_share = 1;
  for (int i = 0; i < 160; ++i) {  // the same words in both
    const std::string appeal = absl::StrCat("appeals/", i);
    const bool north = i % 2 == 0;
    fixture_.texts.texts[appeal] = {LocalText(i / 2), {north ? "north" : "south", "web"}};
    fixture_.Put({.appeal = appeal,
                  .decision = Decision::kChanged,
                  .label = north ? "categories/heating" : "categories/manholes",
                  .staff = absl::StrCat("staff/", i % 5),
                  .time = fixture_.clock.Now() + absl::Seconds(i)});
  }
  Request();
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  const auto model = fixture_.registry->Load(Newest().version);
  ASSERT_OK(model);
  const auto said = [&](const char* place) {
    return (*model)->Suggest(LocalText(30), {.places = {place}}).candidates[0].topic->id;
  };
  EXPECT_EQ(said("north"), "heating");
  EXPECT_EQ(said("south"), "manholes");
  EXPECT_GT(Newest().scores.category().value(), 0.9) << "it was asked with the place";
}

TEST_F(LearnerTest, TriesAgainWhileOthersAreAway) {
  fixture_.DecideAgainst(20);
  Request();
  const auto learner = fixture_.MakeLearner();
  fixture_.texts.status = absl::UnavailableError("appeals is away");
  EXPECT_THAT(learner->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(fixture_.NewestTraining().state, TrainingState::kRunning);
  EXPECT_THAT(fixture_.NewestTraining().reason, HasSubstr("Tried again in 1m: appeals is away"));
  EXPECT_THAT(learner->RunOnce(), IsOkAndHolds(false)) << "not at once";
  fixture_.clock.Advance(absl::Minutes(1));
  EXPECT_THAT(learner->RunOnce(), IsOkAndHolds(true));
  EXPECT_THAT(fixture_.NewestTraining().reason, HasSubstr("in 2m"));
  fixture_.texts.status = absl::OkStatus();
  EXPECT_THAT(learner->RunOnce(), IsOkAndHolds(false));
  learner->Wake();  // a run was requested
  EXPECT_THAT(learner->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(fixture_.NewestTraining().state, TrainingState::kDone);
  EXPECT_EQ(fixture_.NewestTraining().reason, "");
}

TEST_F(LearnerTest, GivesUpAfterSomeHours) {
  fixture_.DecideAgainst(20);
  Request();
  const auto learner = fixture_.MakeLearner();
  fixture_.texts.status = absl::UnavailableError("appeals is away");
  const absl::Time begin = fixture_.clock.Now();
  while (fixture_.NewestTraining().state == TrainingState::kRunning &&
         fixture_.clock.Now() - begin < absl::Hours(10)) {
    EXPECT_OK(learner->RunOnce());
    fixture_.clock.Advance(absl::Minutes(1));
  }
  EXPECT_EQ(fixture_.NewestTraining().state, TrainingState::kFailed);
  EXPECT_EQ(fixture_.NewestTraining().reason, "appeals is away");
  EXPECT_GT(fixture_.clock.Now() - begin, absl::Hours(1));
  EXPECT_LT(fixture_.clock.Now() - begin, absl::Hours(3));
}

TEST_F(LearnerTest, OnePersonCannotPutAModelIntoUse) {
  fixture_.options.promote_automatically = true;
  fixture_.options.staff_share = 1;
  const std::string right = fixture_.DecideAgainst(0);
  for (int i = 0; i < 300; ++i) {  // also in the newest fifth
    const std::string appeal = absl::StrCat("appeals/", i);
    fixture_.texts.texts[appeal] = {LocalText(i)};
    fixture_.Put({.appeal = appeal,
                  .decision = Decision::kCorrected,
                  .label = "categories/" + right,
                  .staff = "staff/poisoner",
                  .time = fixture_.clock.Now() + absl::Seconds(i)});
  }
  Request();
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(Newest().state, ModelState::kShadow);
  EXPECT_EQ(Newest().scores.total().gained(), 60);
  EXPECT_EQ(Newest().scores.total().people(), 1);
  EXPECT_EQ(fixture_.ActiveVersion(), fixture_.built_in->model().version());
}

TEST_F(LearnerTest, MakesAModelAnewThatAnUpdateMadeUnreadable) {
  fixture_.DecideAgainst(60);
  const auto add = [&](const std::string& version) {
    ASSERT_OK(fixture_.database->Write([&](sql::Transaction& transaction) -> absl::Status {
      auto added = fixture_.models.AddModel(
          transaction, {.version = version, .created = fixture_.clock.Now()}, "of another program");
      if (!added.ok()) return added;
      return Promote(transaction, fixture_.models, fixture_.examples, version,
                     fixture_.registry->in_use(),
                     {.actor = "staff/root", .forced = true, .now = fixture_.clock.Now()});
    }));
  };
  add("0ld");
  fixture_.registry = fixture_.OpenRegistry();
  EXPECT_EQ(fixture_.registry->in_use().unreadable, "0ld");
  fixture_.clock.Advance(absl::Seconds(1));
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(fixture_.NewestTraining().state, TrainingState::kDone);
  EXPECT_EQ(fixture_.NewestTraining().requester, "");
  fixture_.clock.Advance(absl::Seconds(1));
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(false)) << "the candidate waits";

  const auto list = fixture_.MakeLearningCalls().ListModels(
      rpc::testing::MakeCall(rpc::testing::Admin("root")), {});
  ASSERT_OK(list);
  int active = 0;
  for (const v1::Model& model : list->models()) {
    active += model.state() == v1::Model::ACTIVE ? 1 : 0;
    if (model.version() != "0ld") continue;
    EXPECT_EQ(model.state(), v1::Model::UNREADABLE);
    EXPECT_FALSE(model.active());
    EXPECT_THAT(model.reason(), HasSubstr("not a Veche model"));
  }
  EXPECT_EQ(active, 1);
  fixture_.options.promote_automatically = true;
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(false));
  EXPECT_EQ(fixture_.ActiveVersion(), fixture_.NewestTraining().version);
  EXPECT_EQ(fixture_.registry->in_use().unreadable, "");
}

TEST_F(LearnerTest, ARunThatAStopInterruptsWaitsForTheNextStart) {
  fixture_.DecideAgainst(20);
  Request();
  {
    auto stopped = fixture_.MakeLearner();
    stopped->Stop();  // before its thread has started
    EXPECT_THAT(stopped->RunOnce(), IsOkAndHolds(true));
  }
  EXPECT_EQ(fixture_.NewestTraining().state, TrainingState::kRunning);
  EXPECT_EQ(fixture_.NewestTraining().owner, "");
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(fixture_.NewestTraining().state, TrainingState::kDone);
}

TEST_F(LearnerTest, ARunWhoseProcessWasKilledHasFailed) {
  fixture_.DecideAgainst(20);
  Request();
  ASSERT_OK(fixture_.database->Write([&](sql::Transaction& transaction) {
    return fixture_.models
        .ClaimTraining(transaction, "killed", fixture_.clock.Now() + absl::Seconds(60))
        .status();
  }));
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(false));
  EXPECT_EQ(fixture_.NewestTraining().state, TrainingState::kRunning) << "it may still live";
  fixture_.clock.Advance(absl::Seconds(61));
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(false));
  EXPECT_EQ(fixture_.NewestTraining().state, TrainingState::kFailed);
  EXPECT_THAT(fixture_.NewestTraining().reason, HasSubstr("ended before"));
  Request();
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(fixture_.NewestTraining().state, TrainingState::kDone);
}

TEST_F(LearnerTest, TrainsByNightWhenThereIsEnoughToLearn) {
  fixture_.options.nightly_hour = 3;
  fixture_.options.nightly_decisions = 20;
  fixture_.options.zone = absl::UTCTimeZone();
  fixture_.clock.Set(absl::FromCivil(absl::CivilHour(2026, 11, 22, 4), absl::UTCTimeZone()));
  fixture_.DecideAgainst(19);
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(false));
  fixture_.DecideAgainst(1);
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
  EXPECT_EQ(fixture_.NewestTraining().requester, "");
  fixture_.clock.Advance(absl::Minutes(30));
  fixture_.DecideAgainst(30);
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(false)) << "once a night";
  fixture_.clock.Advance(absl::Hours(24));
  EXPECT_THAT(fixture_.MakeLearner()->RunOnce(), IsOkAndHolds(true));
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
