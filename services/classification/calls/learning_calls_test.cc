#include "services/classification/calls/learning_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "common/observe/metrics.h"
#include "services/classification/learning/drift.h"
#include "services/classification/testing/learning_fixture.h"

namespace veche::classification {
namespace {

using rpc::testing::Admin;
using rpc::testing::MakeCall;
using rpc::testing::Officer;
using ::testing::HasSubstr;
using testing::LearningFixture;
using veche::testing::HasReason;
using veche::testing::StatusIs;

class LearningCallsTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::CorrectResponse> Correct(const std::string& appeal,
                                              const std::string& category) {
    v1::CorrectRequest request;
    request.set_appeal(appeal);
    request.set_category(category);
    return calls_.Correct(MakeCall(Officer("ann", "departments/roads")), request);
  }
  // Trains on `count` decisions and returns the candidate's version.
  std::string Train(int count) {
    fixture_.DecideAgainst(count);
    EXPECT_OK(calls_.TrainModel(MakeCall(Admin("root")), {}));
    EXPECT_OK(fixture_.MakeLearner()->RunOnce());
    return fixture_.NewestTraining().version;
  }
  absl::StatusOr<v1::Model> Promote(const std::string& version, bool force = false,
                                    const std::string& reason = "") {
    v1::PromoteModelRequest request;
    request.set_version(version);
    request.set_force(force);
    request.set_reason(reason);
    return calls_.PromoteModel(MakeCall(Admin("root")), request);
  }
  // Appeals on which the shadow was right and `active` wrong, decided by four people.
  void DecideLive(const std::string& shadow, const std::string& active, int count) {
    const std::string right = fixture_.DecideAgainst(0);
    for (int i = 0; i < count; ++i) {
      const std::string appeal = absl::StrCat("appeals/live", live_++);
      ASSERT_OK(fixture_.database->Write([&](sql::Transaction& transaction) {
        return fixture_.examples.PutRouting(transaction, {.appeal = appeal,
                                                          .category = "categories/other",
                                                          .model = active,
                                                          .time = fixture_.clock.Now(),
                                                          .shadow_model = shadow,
                                                          .shadow = "categories/" + right});
      }));
      fixture_.Put({.appeal = appeal,
                    .decision = Decision::kChanged,
                    .label = "categories/" + right,
                    .staff = absl::StrCat("staff/", i % 4),
                    .time = fixture_.clock.Now()});
    }
  }
  v1::ListModelsResponse List() { return *calls_.ListModels(MakeCall(Admin("root")), {}); }

  int live_ = 0;
  LearningFixture fixture_;
  LearningCalls calls_ = fixture_.MakeLearningCalls();
};

TEST_F(LearningCallsTest, KeepTheLatestCorrection) {
  EXPECT_OK(Correct("appeals/a", "categories/heating"));
  EXPECT_OK(Correct("appeals/a", "categories/manholes"));
  ASSERT_OK(fixture_.database->Read([&](sql::Transaction& transaction) {
    auto kept = fixture_.examples.FindDecision(transaction, "appeals/a", LabelKind::kCategory);
    EXPECT_EQ((*kept)->label, "categories/manholes");
    EXPECT_EQ((*kept)->decision, Decision::kCorrected);
    EXPECT_EQ((*kept)->staff, "staff/ann");
    return kept.status();
  }));
  EXPECT_EQ(List().decision_count(), 1);
}

TEST_F(LearningCallsTest, RefuseCorrectionsThatCannotBeLearned) {
  EXPECT_THAT(Correct("a", "b"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Correct("appeals/", "categories/heating"),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Correct("appeals/a", "categories/wind"), HasReason("UNKNOWN_CATEGORY"));
}

TEST_F(LearningCallsTest, PromoteWhatIsBetterAndGoBack) {
  const std::string version = Train(60);
  const v1::ListModelsResponse before = List();
  ASSERT_EQ(before.models_size(), 2);
  EXPECT_TRUE(before.models(0).active());
  EXPECT_EQ(before.models(1).version(), version);
  EXPECT_EQ(before.models(1).state(), v1::Model::SHADOW);
  EXPECT_TRUE(before.models(1).scores().total().better());
  EXPECT_GT(before.models(1).examples(), 60);
  EXPECT_EQ(before.training().state(), v1::Training::DONE);
  const auto promoted = Promote(version);
  ASSERT_OK(promoted);
  EXPECT_EQ(promoted->state(), v1::Model::ACTIVE);
  EXPECT_EQ(fixture_.ActiveVersion(), version);
  EXPECT_EQ(List().models(0).version(), version);
  EXPECT_EQ(List().models(1).reason(), "Built in.");
  v1::RollBackModelRequest request;
  request.set_reason("It sends everything to heating.");
  ASSERT_OK(calls_.RollBackModel(MakeCall(Admin("root")), request));
  EXPECT_EQ(fixture_.ActiveVersion(), fixture_.built_in->model().version());
  EXPECT_EQ(List().models(1).state(), v1::Model::REJECTED);
  EXPECT_THAT(List().models(1).reason(), HasSubstr("sends everything"));
  EXPECT_THAT(Promote(version), HasReason("NOT_BETTER")) << "it was rejected";
}

TEST_F(LearningCallsTest, PromoteTheUnprovenOnlyByForceWithAReason) {
  const std::string version = Train(10);
  EXPECT_THAT(Promote(version), HasReason("NOT_BETTER"));
  EXPECT_THAT(Promote(version, true), StatusIs(absl::StatusCode::kInvalidArgument));
  ASSERT_OK(Promote(version, true, "Tried by hand."));
  EXPECT_EQ(fixture_.ActiveVersion(), version);
  ASSERT_OK(fixture_.database->Read([&](sql::Transaction& transaction) {
    auto current = fixture_.models.CurrentActivation(transaction);
    EXPECT_EQ(current->actor, "staff/root");
    EXPECT_EQ(current->reason, "Tried by hand.");
    EXPECT_TRUE(current->forced);
    return current.status();
  }));
  EXPECT_THAT(Promote(version, true, "Again."), HasReason("ALREADY_ACTIVE"));
  EXPECT_THAT(Promote("abc123"), HasReason("UNKNOWN_MODEL"));
  EXPECT_THAT(Promote("../model"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(LearningCallsTest, DoNotPromoteWhatCannotBeRead) {
  ASSERT_OK(fixture_.database->Write([&](sql::Transaction& transaction) {
    return fixture_.models.AddModel(
        transaction, {.version = "bad", .created = fixture_.clock.Now()}, "no model");
  }));
  EXPECT_THAT(Promote("bad", true, "Why not."), HasReason("MODEL_UNUSABLE"));
  EXPECT_THAT(calls_.RollBackModel(MakeCall(Admin("root")), {}), HasReason("NOTHING_TO_ROLL_BACK"));
}

TEST_F(LearningCallsTest, TrainOnceHoweverManyAsk) {
  fixture_.DecideAgainst(10);
  std::vector<std::string> names(8);
  std::vector<std::thread> callers;
  for (std::string& name : names) {
    callers.emplace_back([this, &name] {
      const auto training = calls_.TrainModel(MakeCall(Admin("root")), {});
      if (training.ok()) name = training->name();
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (const std::string& name : names) EXPECT_EQ(name, names[0]);
  EXPECT_THAT(names[0], HasSubstr("trainings/"));
}

TEST_F(LearningCallsTest, AShadowProvesItselfOnWhatStaffDecide) {
  const std::string version = Train(10);  // too few for a decision
  DecideLive(version, fixture_.ActiveVersion(), 20);
  const v1::Model model = List().models(1);
  EXPECT_EQ(model.scores().shadow().gained(), 20);
  EXPECT_EQ(model.scores().shadow().people(), 4);
  EXPECT_EQ(model.scores().shadow_agreement().value(), 0);
  EXPECT_EQ(model.scores().shadow_agreement().of(), 20);
  EXPECT_TRUE(model.scores().total().better());
  EXPECT_OK(Promote(version));
}

TEST_F(LearningCallsTest, WhatWasProvenAgainstAnotherModelDoesNotCount) {
  const std::string version = Train(60);
  EXPECT_EQ(List().models(1).scores().compared_with(), fixture_.ActiveVersion());
  DecideLive(version, fixture_.ActiveVersion(), 20);
  EXPECT_TRUE(List().models(1).scores().total().better());
  const CandidateModel other =
      *TrainCandidate({{.labelled = {.example = {"Нет отопления зимой", "heating"}}}},
                      {.base = testing::SmallBaseExamples()});
  ASSERT_OK(fixture_.database->Write([&](sql::Transaction& transaction) {
    return fixture_.models.AddModel(
        transaction, {.version = other.version, .created = fixture_.clock.Now()}, other.bytes);
  }));
  ASSERT_OK(Promote(other.version, true, "An expert made it."));
  const auto candidate = [&] {
    const v1::ListModelsResponse list = List();
    for (const v1::Model& model : list.models()) {
      if (model.version() == version) return model;
    }
    return v1::Model();
  };
  EXPECT_EQ(candidate().scores().compared_with(), other.version);
  EXPECT_EQ(candidate().scores().total().of(), 0);
  EXPECT_THAT(Promote(version), HasReason("NOT_BETTER"));
  DecideLive(version, other.version, 20);
  EXPECT_EQ(candidate().scores().total().of(), 20);
  EXPECT_OK(Promote(version));
}

TEST_F(LearningCallsTest, RaiseAlarmsWhenThingsDrift) {
  ASSERT_OK(Promote(Train(60)));
  const std::string right = fixture_.DecideAgainst(0);
  EXPECT_FALSE(List().drift().category_mix().raised());
  EXPECT_FALSE(List().drift().category_agreement().raised());
  for (int i = 0; i < 150; ++i) {
    const std::string appeal = absl::StrCat("appeals/live", i);
    ASSERT_OK(fixture_.database->Write([&](sql::Transaction& transaction) {
      return fixture_.examples.PutRouting(transaction, {.appeal = appeal,
                                                        .category = "categories/snow",
                                                        .department = "departments/roads",
                                                        .model = "m",
                                                        .confident = false,
                                                        .time = fixture_.clock.Now()});
    }));
    fixture_.Put({.appeal = appeal,
                  .decision = Decision::kChanged,
                  .label = "categories/" + right,
                  .staff = "staff/ann",
                  .time = fixture_.clock.Now()});
  }
  const v1::Drift drift = List().drift();
  EXPECT_TRUE(drift.category_mix().raised());
  EXPECT_GT(drift.category_mix().value(), 1);
  EXPECT_TRUE(drift.abstained().raised());
  EXPECT_EQ(drift.abstained().value(), 1);
  EXPECT_TRUE(drift.category_agreement().raised());
  EXPECT_EQ(drift.category_agreement().of(), 150);
  EXPECT_FALSE(drift.department_agreement().raised()) << "nobody decided on departments";
  DriftMetrics metrics(*fixture_.telemetry.metrics);
  metrics.Set(drift);
  EXPECT_THAT(observe::RenderMetrics(*fixture_.telemetry.metrics),
              HasSubstr("veche_classifier_drift_alarm{figure=\"abstained\"} 1"));
}

}  // namespace
}  // namespace veche::classification
