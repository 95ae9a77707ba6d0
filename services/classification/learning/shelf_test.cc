#include "services/classification/learning/shelf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "common/observe/metrics.h"
#include "services/classification/learning/model_files.h"
#include "services/classification/learning/promotion.h"
#include "services/classification/testing/learning_world.h"

namespace veche::classification {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::World;
using veche::testing::HasReason;

// A model that differs from others by what it was trained on.
MadeCandidate MakeModel(int examples) {
  std::vector<DecidedText> texts;
  for (int i = 0; i < examples; ++i) {
    texts.push_back({.labelled = {.example = {testing::LocalText(i), "heating"}}});
  }
  return *MakeCandidate(texts,
                        {.active = testing::SeedClassifier(), .ground = testing::SmallGround()});
}

// Remembers what was logged.
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

class ShelfTest : public ::testing::Test {
 protected:
  std::string Add(int examples, ModelState state = ModelState::kCandidate) {
    const MadeCandidate made = MakeModel(examples);
    world_.clock.Advance(absl::Seconds(1));
    EXPECT_OK(world_.database->Write([&](sql::Transaction& transaction) {
      return world_.models.AddModel(
          transaction, {.version = made.version, .state = state, .created = world_.clock.Now()},
          made.bytes);
    }));
    return made.version;
  }
  absl::Status Promote(const std::string& version) {
    absl::Status status = world_.database->Write([&](sql::Transaction& transaction) {
      return classification::Promote(
          transaction, world_.models, world_.examples, version, world_.shelf->in_use(),
          {.actor = "staff/root", .forced = true, .now = world_.clock.Now()});
    });
    if (status.ok()) status = world_.shelf->Refresh();
    return status;
  }
  absl::Status RollBack() {
    absl::Status status = world_.database->Write([&](sql::Transaction& transaction) {
      return classification::RollBack(transaction, world_.models,
                                      {.actor = "staff/root", .now = world_.clock.Now()});
    });
    if (status.ok()) status = world_.shelf->Refresh();
    return status;
  }
  std::filesystem::path FileOf(const std::string& version) {
    return world_.folder / "models" / (version + ".bin");
  }

  World world_;
};

TEST_F(ShelfTest, BeginsWithTheBuiltInModelAndGoesBackToIt) {
  const std::string built_in = world_.built_in->model().version();
  EXPECT_EQ(world_.ActiveVersion(), built_in);
  EXPECT_THAT(RollBack(), HasReason("NOTHING_TO_ROLL_BACK"));
  const std::string first = Add(3);
  const std::string second = Add(4);
  EXPECT_OK(Promote(first));
  EXPECT_THAT(Promote(first), HasReason("ALREADY_ACTIVE"));
  EXPECT_OK(Promote(second));
  EXPECT_EQ(world_.ActiveVersion(), second);
  EXPECT_OK(RollBack());
  EXPECT_EQ(world_.ActiveVersion(), first);
  EXPECT_OK(RollBack());
  EXPECT_EQ(world_.ActiveVersion(), built_in);
  EXPECT_THAT(RollBack(), HasReason("NOTHING_TO_ROLL_BACK"));
}

TEST_F(ShelfTest, AnotherProcessAndTheNextStartUseTheSame) {
  const std::unique_ptr<Shelf> other = world_.OpenShelf();
  const std::string version = Add(3);
  ASSERT_OK(Promote(version));
  ASSERT_OK(other->Refresh());
  EXPECT_EQ(other->active().Read()->model().version(), version);
  world_.shelf = world_.OpenShelf();
  EXPECT_EQ(world_.ActiveVersion(), version);
}

TEST_F(ShelfTest, ADamagedOrMissingFileIsMadeAgain) {
  const std::string version = Add(3);
  ASSERT_OK(Promote(version));
  // As a kill in the middle of a write would leave it, were it not written elsewhere first.
  std::filesystem::resize_file(FileOf(version), 100);
  std::ofstream(world_.folder / "models" / "0123.draft") << "half";
  world_.shelf = world_.OpenShelf();
  EXPECT_EQ(world_.ActiveVersion(), version);
  EXPECT_OK(LoadModelFile(world_.folder / "models", version));
  EXPECT_FALSE(std::filesystem::exists(world_.folder / "models" / "0123.draft"));
  std::filesystem::remove_all(world_.folder);
  world_.shelf = world_.OpenShelf();
  EXPECT_EQ(world_.ActiveVersion(), version);
}

TEST_F(ShelfTest, AModelThatCannotBeReadLeavesTheFormerOne) {
  const std::string good = Add(3);
  ASSERT_OK(Promote(good));
  ASSERT_OK(world_.database->Write([&](sql::Transaction& transaction) {
    return world_.models.AddModel(transaction, {.version = "bad", .created = world_.clock.Now()},
                                  "no model");
  }));
  EXPECT_EQ(world_.shelf->in_use().unreadable, "");
  EXPECT_OK(Promote("bad"));
  EXPECT_EQ(world_.ActiveVersion(), good);
  EXPECT_EQ(world_.shelf->in_use().version, good);
  EXPECT_EQ(world_.shelf->in_use().unreadable, "bad");
  EXPECT_THAT(world_.shelf->in_use().reason, HasSubstr("no Veche model"));
  const auto unreadable = [&] { return observe::RenderMetrics(*world_.telemetry.metrics); };
  EXPECT_THAT(unreadable(), HasSubstr("veche_classifier_model_unreadable 1"));
  ASSERT_OK(RollBack());
  EXPECT_EQ(world_.shelf->in_use().unreadable, "");
  EXPECT_THAT(unreadable(), HasSubstr("veche_classifier_model_unreadable 0"));
}

TEST_F(ShelfTest, TakesAnOperatorsFileOnce) {
  const MadeCandidate made = MakeModel(5);
  std::filesystem::create_directories(world_.folder);
  std::ofstream(world_.folder / "model.bin", std::ios::binary) << made.bytes;
  world_.shelf = world_.OpenShelf();
  EXPECT_EQ(world_.ActiveVersion(), made.version);
  const auto log = std::make_shared<LogBook>();
  world_.telemetry.logger = log;
  world_.shelf = world_.OpenShelf();
  EXPECT_THAT(log->Take(), Not(Contains(HasSubstr("own model")))) << "it is in use";
  ASSERT_OK(RollBack());
  world_.shelf = world_.OpenShelf();
  EXPECT_EQ(world_.ActiveVersion(), world_.built_in->model().version()) << "staff said no";
  EXPECT_THAT(log->Take(), Contains(HasSubstr("own model not used")));
  std::ofstream(world_.folder / "model.bin", std::ios::binary) << "no model";
  world_.shelf = world_.OpenShelf();
  EXPECT_EQ(world_.ActiveVersion(), world_.built_in->model().version());
}

TEST_F(ShelfTest, KeepsTheNewestTheActiveAndTheOneBefore) {
  const std::string before = Add(3);
  ASSERT_OK(Promote(before));
  const std::string active = Add(4);
  ASSERT_OK(Promote(active));
  std::vector<std::string> newer;
  for (int i = 5; i < 12; ++i) newer.push_back(Add(i));
  ASSERT_OK(world_.shelf->Tidy());
  std::vector<ModelRecord> kept;
  ASSERT_OK(world_.database->Read([&](sql::Transaction& transaction) {
    auto found = world_.models.ListModels(transaction, 50);
    if (found.ok()) kept = *found;
    return found.status();
  }));
  EXPECT_EQ(kept.size(), 7u);
  EXPECT_OK(world_.shelf->Load(before));
  EXPECT_OK(world_.shelf->Load(newer.back()));
  EXPECT_FALSE(world_.shelf->Load(newer.front()).ok());
}

TEST_F(ShelfTest, SwitchesUnderLoad) {
  const std::string first = Add(3);
  const std::string second = Add(4);
  ASSERT_OK(Promote(first));
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([&] {
      while (!stop) {
        const auto active = world_.shelf->active().Read();
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
