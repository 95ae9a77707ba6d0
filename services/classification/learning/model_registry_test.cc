#include "services/classification/learning/model_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "common/observe/metrics.h"
#include "services/classification/learning/model_files.h"
#include "services/classification/learning/promotion.h"
#include "services/classification/testing/learning_fixture.h"

namespace veche::classification {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using testing::LearningFixture;
using ::testing::Not;
using veche::testing::HasReason;

// A model whose version depends on its training data.
CandidateModel MakeModel(int examples) {
  std::vector<DecidedText> texts;
  for (int i = 0; i < examples; ++i) {
    texts.push_back({.labelled = {.example = {testing::LocalText(i), "heating"}}});
  }
  return *TrainCandidate(
      texts, {.active = testing::SeedClassifier(), .base = testing::SmallBaseExamples()});
}

// Records log lines.
class LogBook final : public observe::Logger {
 public:
  void Log(observe::Level, absl::string_view event, observe::LogFields) override {
    absl::MutexLock lock(&mutex_);
    events_.emplace_back(event);
  }
  std::vector<std::string> Take() {
    absl::MutexLock lock(&mutex_);
    return std::exchange(events_, {});
  }

 private:
  absl::Mutex mutex_;
  std::vector<std::string> events_ ABSL_GUARDED_BY(mutex_);
};

class ModelRegistryTest : public ::testing::Test {
 protected:
  std::string Add(int examples, ModelState state = ModelState::kCandidate) {
    const CandidateModel made = MakeModel(examples);
    fixture_.clock.Advance(absl::Seconds(1));
    EXPECT_OK(fixture_.database->Write([&](sql::Transaction& transaction) {
      return fixture_.models.AddModel(
          transaction, {.version = made.version, .state = state, .created = fixture_.clock.Now()},
          made.bytes);
    }));
    return made.version;
  }
  absl::Status Promote(const std::string& version) {
    absl::Status status = fixture_.database->Write([&](sql::Transaction& transaction) {
      return classification::Promote(
          transaction, fixture_.models, fixture_.examples, version, fixture_.registry->in_use(),
          {.actor = "staff/root", .forced = true, .now = fixture_.clock.Now()});
    });
    if (status.ok()) status = fixture_.registry->Refresh();
    return status;
  }
  absl::Status RollBack() {
    absl::Status status = fixture_.database->Write([&](sql::Transaction& transaction) {
      return classification::RollBack(transaction, fixture_.models,
                                      {.actor = "staff/root", .now = fixture_.clock.Now()});
    });
    if (status.ok()) status = fixture_.registry->Refresh();
    return status;
  }
  std::filesystem::path FileOf(const std::string& version) {
    return fixture_.folder / "models" / (version + ".bin");
  }

  LearningFixture fixture_;
};

TEST_F(ModelRegistryTest, BeginsWithTheBuiltInModelAndGoesBackToIt) {
  const std::string built_in = fixture_.built_in->model().version();
  EXPECT_EQ(fixture_.ActiveVersion(), built_in);
  EXPECT_THAT(RollBack(), HasReason("NOTHING_TO_ROLL_BACK"));
  const std::string first = Add(3);
  const std::string second = Add(4);
  EXPECT_OK(Promote(first));
  EXPECT_THAT(Promote(first), HasReason("ALREADY_ACTIVE"));
  EXPECT_OK(Promote(second));
  EXPECT_EQ(fixture_.ActiveVersion(), second);
  EXPECT_OK(RollBack());
  EXPECT_EQ(fixture_.ActiveVersion(), first);
  EXPECT_OK(RollBack());
  EXPECT_EQ(fixture_.ActiveVersion(), built_in);
  EXPECT_THAT(RollBack(), HasReason("NOTHING_TO_ROLL_BACK"));
}

TEST_F(ModelRegistryTest, AnotherProcessAndTheNextStartUseTheSame) {
  const std::unique_ptr<ModelRegistry> other = fixture_.OpenRegistry();
  const std::string version = Add(3);
  ASSERT_OK(Promote(version));
  ASSERT_OK(other->Refresh());
  EXPECT_EQ(other->active().Read()->model().version(), version);
  fixture_.registry = fixture_.OpenRegistry();
  EXPECT_EQ(fixture_.ActiveVersion(), version);
}

TEST_F(ModelRegistryTest, ADamagedOrMissingFileIsMadeAgain) {
  const std::string version = Add(3);
  ASSERT_OK(Promote(version));
  // A truncated file.
  std::filesystem::resize_file(FileOf(version), 100);
  std::ofstream(fixture_.folder / "models" / "0123.draft") << "half";
  fixture_.registry = fixture_.OpenRegistry();
  EXPECT_EQ(fixture_.ActiveVersion(), version);
  EXPECT_OK(LoadModelFile(fixture_.folder / "models", version));
  EXPECT_FALSE(std::filesystem::exists(fixture_.folder / "models" / "0123.draft"));
  std::filesystem::remove_all(fixture_.folder);
  fixture_.registry = fixture_.OpenRegistry();
  EXPECT_EQ(fixture_.ActiveVersion(), version);
}

TEST_F(ModelRegistryTest, AModelThatCannotBeReadLeavesTheFormerOne) {
  const std::string good = Add(3);
  ASSERT_OK(Promote(good));
  ASSERT_OK(fixture_.database->Write([&](sql::Transaction& transaction) {
    return fixture_.models.AddModel(
        transaction, {.version = "bad", .created = fixture_.clock.Now()}, "no model");
  }));
  EXPECT_EQ(fixture_.registry->in_use().unreadable, "");
  EXPECT_OK(Promote("bad"));
  EXPECT_EQ(fixture_.ActiveVersion(), good);
  EXPECT_EQ(fixture_.registry->in_use().version, good);
  EXPECT_EQ(fixture_.registry->in_use().unreadable, "bad");
  EXPECT_THAT(fixture_.registry->in_use().reason, HasSubstr("not a Veche model"));
  const auto unreadable = [&] { return observe::RenderMetrics(*fixture_.telemetry.metrics); };
  EXPECT_THAT(unreadable(), HasSubstr("veche_classifier_model_unreadable 1"));
  ASSERT_OK(RollBack());
  EXPECT_EQ(fixture_.registry->in_use().unreadable, "");
  EXPECT_THAT(unreadable(), HasSubstr("veche_classifier_model_unreadable 0"));
}

TEST_F(ModelRegistryTest, TakesAnOperatorsFileOnce) {
  const CandidateModel made = MakeModel(5);
  std::filesystem::create_directories(fixture_.folder);
  std::ofstream(fixture_.folder / "model.bin", std::ios::binary) << made.bytes;
  fixture_.registry = fixture_.OpenRegistry();
  EXPECT_EQ(fixture_.ActiveVersion(), made.version);
  const auto log = std::make_shared<LogBook>();
  fixture_.telemetry.logger = log;
  fixture_.registry = fixture_.OpenRegistry();
  EXPECT_THAT(log->Take(), Not(Contains(HasSubstr("operator's model")))) << "it is in use";
  ASSERT_OK(RollBack());
  fixture_.registry = fixture_.OpenRegistry();
  EXPECT_EQ(fixture_.ActiveVersion(), fixture_.built_in->model().version()) << "staff said no";
  EXPECT_THAT(log->Take(), Contains(HasSubstr("operator's model not used")));
  std::ofstream(fixture_.folder / "model.bin", std::ios::binary) << "no model";
  fixture_.registry = fixture_.OpenRegistry();
  EXPECT_EQ(fixture_.ActiveVersion(), fixture_.built_in->model().version());
}

TEST_F(ModelRegistryTest, KeepsTheNewestTheActiveAndTheOneBefore) {
  const std::string before = Add(3);
  ASSERT_OK(Promote(before));
  const std::string active = Add(4);
  ASSERT_OK(Promote(active));
  std::vector<std::string> newer;
  for (int i = 5; i < 12; ++i) newer.push_back(Add(i));
  ASSERT_OK(fixture_.registry->DeleteOldModels());
  std::vector<ModelRecord> kept;
  ASSERT_OK(fixture_.database->Read([&](sql::Transaction& transaction) {
    auto found = fixture_.models.ListModels(transaction, 50);
    if (found.ok()) kept = *found;
    return found.status();
  }));
  EXPECT_EQ(kept.size(), 7u);
  EXPECT_OK(fixture_.registry->Load(before));
  EXPECT_OK(fixture_.registry->Load(newer.back()));
  EXPECT_FALSE(fixture_.registry->Load(newer.front()).ok());
}

TEST_F(ModelRegistryTest, SwitchesUnderLoad) {
  const std::string first = Add(3);
  const std::string second = Add(4);
  ASSERT_OK(Promote(first));
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([&] {
      while (!stop) {
        const auto active = fixture_.registry->active().Read();
        const std::string& version = active->model().version();
        if (version != first && version != second) ++wrong;
        if (active->Suggest("Нет отопления").candidates.empty()) ++wrong;
      }
    });
  }
  for (int i = 0; i < 10; ++i) {
    EXPECT_OK(Promote(second));
    EXPECT_OK(RollBack());
  }
  stop = true;
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace veche::classification
