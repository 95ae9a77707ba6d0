// What a model learns from labelled appeals and what the built-in one knows of appeals it never
// saw: on the repository's own, and on those of a city where VECHE_LABELLED_DATA names a folder
// with appeals_train.tsv and appeals_dev.tsv. `./dev bench classifier` has the bars for real
// cities.

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"
#include "services/classification/classifier/built_in_model.h"
#include "services/classification/testing/test_table.h"
#include "services/classification/training/evaluation.h"

namespace veche::classification {
namespace {

// A little below what was measured, so that chance alone does not break them. 0: no such labels.
struct Floors {
  double accuracy = 0, macro_f1 = 0, top3 = 0;
  double most_ece = 1;
};
using FloorsOfHeads = std::array<Floors, kHeads>;

struct DataSet {
  std::string name;
  std::string train, dev;    // files
  ColumnNames columns = {};  // of `dev`
  bool with_seed;            // learn from the built-in texts beside `train`
  FloorsOfHeads learned;
  FloorsOfHeads built_in;  // of the model that every build has
};

void PrintTo(const DataSet& set, std::ostream* out) { *out << set.name; }

std::vector<DataSet> DataSets() {
  std::vector<DataSet> sets = {
      {.name = "Own",
       .train = testing::PathHere("seed/examples_ru.tsv"),
       .dev = testing::PathHere("../../demo/kazan/appeals.tsv"),
       .columns = {.topic = "category"},
       .with_seed = false,
       .learned = {Floors{.accuracy = 0.74, .macro_f1 = 0.73, .top3 = 0.89, .most_ece = 0.10},
                   Floors{.accuracy = 0.80, .macro_f1 = 0.77, .top3 = 0.92, .most_ece = 0.09}},
       .built_in = {Floors{.accuracy = 0.80}, Floors{.accuracy = 0.86}}}};
  if (const char* folder = std::getenv("VECHE_LABELLED_DATA"); folder != nullptr) {
    sets.push_back(
        {.name = "City",
         .train = absl::StrCat(folder, "/appeals_train.tsv"),
         .dev = absl::StrCat(folder, "/appeals_dev.tsv"),
         .with_seed = true,
         .learned = {Floors{.accuracy = 0.64, .macro_f1 = 0.54, .top3 = 0.85, .most_ece = 0.07},
                     Floors{.accuracy = 0.79, .macro_f1 = 0.74, .top3 = 0.945, .most_ece = 0.05},
                     Floors{.accuracy = 0.62, .top3 = 0.89}},
         .built_in = {Floors{.accuracy = 0.54}, Floors{.accuracy = 0.72}}});
  }
  return sets;
}

void ExpectAtLeast(const FloorsOfHeads& floors, const Evaluation& evaluation) {
  std::cout << ToTable(evaluation);
  for (size_t head = 0; head < kHeads; ++head) {
    if (floors[head].accuracy == 0) continue;
    ASSERT_TRUE(evaluation.heads[head].has_value()) << head;
    const Quality& quality = *evaluation.heads[head];
    EXPECT_GE(quality.accuracy, floors[head].accuracy) << head;
    EXPECT_GE(quality.macro_f1, floors[head].macro_f1) << head;
    EXPECT_GE(quality.top3, floors[head].top3) << head;
    EXPECT_LE(quality.ece, floors[head].most_ece) << head;
  }
}

class DataTest : public ::testing::TestWithParam<DataSet> {
 protected:
  void SetUp() override {
    auto dev = ReadLabelledData(GetParam().dev, GetParam().columns, DataUse::kEvaluation);
    ASSERT_OK(dev);
    dev_ = *std::move(dev);
  }

  std::vector<LabelledText> dev_;
};

TEST_P(DataTest, LearnsFromACitysOwnAppeals) {
  auto train = ReadLabelledData(GetParam().train);
  ASSERT_OK(train);
  std::vector<Example> examples = NameExamples(*train);
  for (LabelledText& text : *train) examples.push_back(std::move(text.example));
  const auto model =
      TrainModel(examples, {.source = GetParam().train, .with_seed = GetParam().with_seed});
  ASSERT_OK(model);
  const Evaluation evaluation = Evaluate(*model, dev_);
  ExpectAtLeast(GetParam().learned, evaluation);
  EXPECT_LE(evaluation.model_bytes, size_t{6'000'000});
}

TEST_P(DataTest, TheSeedAloneIsOfUse) {
  const auto built_in = LoadBuiltIn();
  ASSERT_OK(built_in);
  ExpectAtLeast(GetParam().built_in, Evaluate((*built_in)->model(), dev_));
}

INSTANTIATE_TEST_SUITE_P(Sets, DataTest, ::testing::ValuesIn(DataSets()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::classification
