#include "services/classification/models.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "common/testing/status_matchers.h"
#include "services/classification/model_file.h"
#include "services/classification/test_model.h"

namespace veche::classification {
namespace {

class CountingLogger final : public observe::Logger {
 public:
  void Log(observe::Level level, absl::string_view, observe::LogFields) override {
    warnings += level == observe::Level::kWarning ? 1 : 0;
  }
  int warnings = 0;
};

class OwnModelTest : public ::testing::Test {
 protected:
  OwnModelTest() : folder_(::testing::TempDir() + "/veche_own_model") {
    std::filesystem::create_directories(folder_ / "classification");
  }
  ~OwnModelTest() override { std::filesystem::remove_all(folder_); }

  const std::filesystem::path folder_;
  CountingLogger logger_;
};

TEST_F(OwnModelTest, IsNotNeeded) {
  EXPECT_EQ(LoadOwn(folder_, logger_), nullptr);
  EXPECT_EQ(logger_.warnings, 0);
}

TEST_F(OwnModelTest, IsTakenWhenValid) {
  const auto model = TrainModel(TwoTopics(), {.source = "city"});
  ASSERT_OK(model);
  ASSERT_OK(WriteModelFile(*model, (folder_ / "classification" / "model.bin").string()));
  const auto classifier = LoadOwn(folder_, logger_);
  ASSERT_NE(classifier, nullptr);
  EXPECT_EQ(classifier->model().version(), model->version());
}

TEST_F(OwnModelTest, IsRefusedWithAWarning) {
  std::ofstream(folder_ / "classification" / "model.bin") << "not a model";
  EXPECT_EQ(LoadOwn(folder_, logger_), nullptr);
  EXPECT_EQ(logger_.warnings, 1);
}

}  // namespace
}  // namespace veche::classification
