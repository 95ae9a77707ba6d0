#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "common/rpc/idempotency.h"
#include "common/rpc/testing.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "services/classification/calls/learning_calls.h"
#include "services/classification/storage/example_store.h"
#include "services/classification/storage/migrations.h"
#include "services/classification/storage/model_store.h"
#include "services/classification/testing/learning_fakes.h"
#include "services/classification/workers/learner.h"

namespace veche::classification::testing {

// All parts of learning without the network, on a small seed and a test's database.
struct LearningFixture {
  explicit LearningFixture(std::unique_ptr<sql::Database> opened = sql::testing::OpenInMemory())
      : database(Migrated(std::move(opened))) {
    options.nightly_hour.reset();
    options.staff_share = 0.2;  // five people decide, and the small seed weighs next to nothing
  }
  ~LearningFixture() { std::filesystem::remove_all(folder); }

  static std::unique_ptr<sql::Database> Migrated(std::unique_ptr<sql::Database> database) {
    EXPECT_OK(sql::Migrate(*database,
                           {rpc::IdempotencyMigrations(), events::Migrations(), Migrations()}));
    return database;
  }

  // The registry of a second process with the same database and folder.
  std::unique_ptr<ModelRegistry> OpenRegistry() {
    auto opened = std::make_unique<ModelRegistry>(ModelRegistry::Parts{.database = *database,
                                                                       .models = models,
                                                                       .folder = folder,
                                                                       .built_in = built_in,
                                                                       .clock = clock,
                                                                       .telemetry = telemetry});
    EXPECT_OK(opened->Open());
    return opened;
  }
  std::unique_ptr<Learner> MakeLearner() {
    return std::make_unique<Learner>(Learner::Parts{.database = *database,
                                                    .examples = examples,
                                                    .models = models,
                                                    .registry = *registry,
                                                    .texts = texts,
                                                    .departments = departments,
                                                    .clock = clock,
                                                    .ids = ids,
                                                    .options = options,
                                                    .seed = SmallSeed(),
                                                    .base_folder = (folder / "base").string(),
                                                    .telemetry = telemetry});
  }
  LearningCalls MakeLearningCalls() {
    return LearningCalls({.database = *database,
                          .examples = examples,
                          .models = models,
                          .registry = *registry,
                          .options = options,
                          .clock = clock,
                          .ids = ids,
                          .wake_learner = [] {}});
  }

  // Stores decisions on `count` appeals with a local word: the topic that the built-in model does
  // not suggest. Returns that topic.
  std::string DecideAgainst(int count, const std::string& staff = "staff/ann") {
    const std::string guess = registry->built_in()->Suggest(LocalText(1)).candidates[0].topic->id;
    const std::string right = guess == "heating" ? "manholes" : "heating";
    for (int i = 0; i < count; ++i) {
      const std::string appeal = absl::StrCat("appeals/", next_appeal);
      texts.texts[appeal] = {LocalText(next_appeal)};
      Put({.appeal = appeal,
           .decision = Decision::kChanged,
           .label = "categories/" + right,
           .staff = absl::StrCat(staff, next_appeal % 5),
           .time = clock.Now() + absl::Seconds(next_appeal)});
      ++next_appeal;
    }
    return right;
  }
  void Put(const StaffDecision& decided) {
    EXPECT_OK(database->Write(
        [&](sql::Transaction& transaction) { return examples.PutDecision(transaction, decided); }));
  }
  TrainingRecord NewestTraining() {
    TrainingRecord training;
    EXPECT_OK(database->Read([&](sql::Transaction& transaction) {
      auto found = models.NewestTraining(transaction);
      if (found.ok() && *found) training = **found;
      return found.status();
    }));
    return training;
  }
  std::string ActiveVersion() { return registry->active().Share()->model().version(); }

  std::unique_ptr<sql::Database> database;
  const std::filesystem::path folder =
      std::filesystem::path(::testing::TempDir()) / ("learning_" + RandomToken(6));
  veche::testing::FakeClock clock;
  UlidSource ids{clock};
  observe::Telemetry telemetry = observe::NullTelemetry();
  ExampleStore examples;
  ModelStore models;
  FakeTexts texts;
  FakeDepartments departments;
  LearningOptions options;
  std::shared_ptr<const Classifier> built_in = SeedClassifier();
  std::unique_ptr<ModelRegistry> registry = OpenRegistry();
  int next_appeal = 0;
};

}  // namespace veche::classification::testing
