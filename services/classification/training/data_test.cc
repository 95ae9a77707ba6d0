// Tests on the labelled appeals of two cities, which are kept outside the repository.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"
#include "services/classification/classifier/built_in_model.h"
#include "services/classification/training/evaluation.h"

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
    auto dev = ReadLabelledData(folder_ + "/appeals_dev.tsv", {}, DataUse::kEvaluation);
    ASSERT_OK(dev);
    dev_ = *std::move(dev);
  }

  std::string folder_;
  std::vector<LabelledText> dev_;
};

// Floors a little below the figures of docs/experiments/classifier.md, so that chance does not
// break them.
TEST_F(DataTest, LearnsFromACitysOwnAppeals) {
  auto train = ReadLabelledData(folder_ + "/appeals_train.tsv");
  ASSERT_OK(train);
  std::vector<Example> examples = NameExamples(*train);
  for (LabelledText& text : *train) examples.push_back(std::move(text.example));
  const auto model = TrainModel(examples, {.source = "appeals_train.tsv", .with_seed = true});
  ASSERT_OK(model);
  const Evaluation evaluation = Evaluate(*model, dev_);
  std::cout << ToTable(evaluation);
  const Quality& topic = *evaluation.heads[kTopic];
  const Quality& group = *evaluation.heads[kGroup];
  const Quality& department = *evaluation.heads[kDepartment];
  EXPECT_GE(topic.accuracy, 0.64);
  EXPECT_GE(topic.macro_f1, 0.54);
  EXPECT_GE(topic.top3, 0.85);
  EXPECT_LE(topic.ece, 0.07);
  EXPECT_GE(group.accuracy, 0.79);
  EXPECT_GE(group.macro_f1, 0.74);
  EXPECT_GE(group.top3, 0.945);
  EXPECT_LE(group.ece, 0.05);
  EXPECT_GE(department.accuracy, 0.62);
  EXPECT_GE(department.top3, 0.89);
  EXPECT_LE(evaluation.model_bytes, size_t{6'000'000});
}

TEST_F(DataTest, TheSeedAloneIsOfUse) {
  const auto built_in = LoadBuiltIn();
  ASSERT_OK(built_in);
  const Evaluation evaluation = Evaluate((*built_in)->model(), dev_);
  std::cout << ToTable(evaluation);
  EXPECT_GE(evaluation.heads[kTopic]->accuracy, 0.54);
  EXPECT_GE(evaluation.heads[kGroup]->accuracy, 0.72);
}

}  // namespace
}  // namespace veche::classification
