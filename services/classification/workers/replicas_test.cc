// Two processes on one database, each with a folder of its own.

#include <gtest/gtest.h>

#include <thread>

#include "services/classification/testing/learning_fixture.h"

namespace veche::classification {
namespace {

using testing::LearningFixture;

class ReplicasTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    auto database = GetParam().open();
    if (database == nullptr) GTEST_SKIP() << GetParam().name << " cannot be started here";
    fixture_ = std::make_unique<LearningFixture>(std::move(database));
    other_folder_ = fixture_->folder.string() + "_other";
    other_shelf_ =
        std::make_unique<ModelRegistry>(ModelRegistry::Parts{.database = *fixture_->database,
                                                             .models = fixture_->models,
                                                             .folder = other_folder_,
                                                             .built_in = fixture_->built_in,
                                                             .clock = fixture_->clock,
                                                             .telemetry = fixture_->telemetry});
    ASSERT_OK(other_shelf_->Open());
  }
  void TearDown() override { std::filesystem::remove_all(other_folder_); }

  std::unique_ptr<LearningFixture> fixture_;
  std::filesystem::path other_folder_;
  std::unique_ptr<ModelRegistry> other_shelf_;
};

TEST_P(ReplicasTest, OneTrainsAndAllUseWhatIsPromoted) {
  fixture_->DecideAgainst(60);
  LearningCalls calls = fixture_->MakeLearningCalls();
  ASSERT_OK(calls.TrainModel(rpc::testing::MakeCall(rpc::testing::Admin("root")), {}));
  const std::unique_ptr<Learner> learners[] = {fixture_->MakeLearner(), fixture_->MakeLearner()};
  std::atomic<int> trained = 0;
  std::vector<std::thread> threads;
  for (const auto& learner : learners) {
    threads.emplace_back([&] {
      const auto done = learner->RunOnce();
      EXPECT_OK(done);
      trained += done.ok() && *done ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(trained, 1);

  ASSERT_OK(other_shelf_->Refresh());
  const std::string version = fixture_->NewestTraining().version;
  ASSERT_NE(other_shelf_->shadow(), nullptr);
  EXPECT_EQ(other_shelf_->shadow()->model().version(), version);
  v1::PromoteModelRequest request;
  request.set_version(version);
  ASSERT_OK(calls.PromoteModel(rpc::testing::MakeCall(rpc::testing::Admin("root")), request));
  ASSERT_OK(other_shelf_->Refresh());
  EXPECT_EQ(other_shelf_->active().Read()->model().version(), version);
  EXPECT_EQ(other_shelf_->shadow(), nullptr);
  EXPECT_TRUE(std::filesystem::exists(other_folder_ / "models" / (version + ".bin")));
  ASSERT_OK(calls.RollBackModel(rpc::testing::MakeCall(rpc::testing::Admin("root")), {}));
  ASSERT_OK(other_shelf_->Refresh());
  EXPECT_EQ(other_shelf_->active().Read()->model().version(),
            fixture_->built_in->model().version());
}

INSTANTIATE_TEST_SUITE_P(Engines, ReplicasTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::classification
