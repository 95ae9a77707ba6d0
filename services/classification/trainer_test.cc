#include "services/classification/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "common/testing/status_matchers.h"
#include "services/classification/model_file.h"
#include "services/classification/test_model.h"

namespace veche::classification {
namespace {

using ::veche::testing::StatusIs;

std::string First(const Model& model, absl::string_view text) {
  return model.labels()[Best(model.Probabilities(ExtractFeatures(text)), 1)[0].label];
}

TEST(TrainerTest, LearnsTopicsByStemsAndLetters) {
  const auto model = TrainModel(TwoTopics(), {});
  ASSERT_OK(model);
  EXPECT_EQ(First(*model, "ЯМУ засыпьте"), "road_surface");
  EXPECT_EQ(First(*model, "фонорь потух"), "street_lighting");  // misspelt
}

TEST(TrainerTest, GivesTheSameModelForTheSameExamples) {
  const auto one = TrainModel(TwoTopics(), {.source = "a"});
  const auto two = TrainModel(TwoTopics(), {.source = "a"});
  ASSERT_OK(one);
  ASSERT_OK(two);
  EXPECT_EQ(SerializeModel(*one), SerializeModel(*two));
  EXPECT_EQ(one->version(), two->version());
}

TEST(TrainerTest, RefusesOneTopic) {
  EXPECT_THAT(TrainModel({}, {}), StatusIs(absl::StatusCode::kInvalidArgument));
  const std::vector<Example> one = {{"яма", "road_surface"}, {"ямы", "road_surface"}};
  EXPECT_THAT(TrainModel(one, {}), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ModelTest, GivesProbabilitiesForAnyText) {
  const auto model = TrainModel(TwoTopics(), {});
  ASSERT_OK(model);
  for (absl::string_view text : {"", "яма", "🕳", "\xFF\xFE", "qqq"}) {
    const std::vector<double> probabilities = model->Probabilities(ExtractFeatures(text));
    EXPECT_NEAR(std::accumulate(probabilities.begin(), probabilities.end(), 0.0), 1.0, 1e-9)
        << text;
  }
}

TEST(ModelTest, ContributionsPointAtTheWordsThatDecide) {
  const auto model = TrainModel(TwoTopics(), {});
  ASSERT_OK(model);
  const FeatureText text = ExtractFeatures("уважаемые, тут яма");
  const std::vector<double> contributions = model->Contributions(text, {0})[0];
  ASSERT_EQ(contributions.size(), 3u);
  EXPECT_GT(contributions[2], 0);
  EXPECT_GT(contributions[2], contributions[0]);
}

TEST(FeaturesTest, AreBoundedForHostileText) {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "я ";
  EXPECT_LE(ExtractFeatures(text).tokens.size(), 2'000u);
  EXPECT_LE(ExtractFeatures(std::string(100'000, 'a')).features.size(), 1'000u);
}

}  // namespace
}  // namespace veche::classification
