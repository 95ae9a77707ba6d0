// On the labelled appeals of two cities, which lie beside the repository and never in it.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"
#include "services/classification/evaluation.h"
#include "services/classification/models.h"

namespace veche::classification {
namespace {

class DataTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* source = std::getenv("VECHE_SOURCE_DIR");
    folder_ = absl::StrCat(source == nullptr ? "." : source, "/../shared/data/appeals");
    if (!std::filesystem::exists(folder_)) {
      GTEST_SKIP() << "There are no labelled appeals in " << folder_;
    }
    auto dev = ReadLabelledData(folder_ + "/appeals_dev.tsv", "");
    ASSERT_OK(dev);
    dev_ = *std::move(dev);
  }

  std::string folder_;
  std::vector<LabelledText> dev_;
};

TEST_F(DataTest, LearnsFromACitysOwnAppeals) {
  auto train = ReadLabelledData(folder_ + "/appeals_train.tsv", "");
  ASSERT_OK(train);
  std::vector<Example> examples;
  for (LabelledText& text : *train) examples.push_back(std::move(text.example));
  const auto model = TrainModel(examples, {.source = "appeals_train.tsv"});
  ASSERT_OK(model);
  const Evaluation evaluation = Evaluate(*model, dev_);
  std::cout << ToTable(evaluation);
  EXPECT_GE(evaluation.topic.accuracy, 0.60);
  EXPECT_GE(evaluation.group.accuracy, 0.72);
  EXPECT_GE(evaluation.topic.top3, 0.76);
  EXPECT_LE(evaluation.model_bytes, size_t{6} << 20);
}

TEST_F(DataTest, TheSeedAloneIsOfUse) {
  const auto built_in = LoadBuiltIn();
  ASSERT_OK(built_in);
  const Evaluation evaluation = Evaluate((*built_in)->model(), dev_);
  std::cout << ToTable(evaluation);
  EXPECT_GE(evaluation.topic.accuracy, 0.45);
  EXPECT_GE(evaluation.group.accuracy, 0.62);
}

}  // namespace
}  // namespace veche::classification
