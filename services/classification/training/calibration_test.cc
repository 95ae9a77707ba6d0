#include "services/classification/training/calibration.h"

#include <gtest/gtest.h>

#include <cmath>

#include "services/classification/model/choice_model.h"

namespace veche::classification {
namespace {

// Two topics of one group and one of another; the group head has no scores of its own.
CalibrationTask Task() {
  CalibrationTask task;
  task.layout = MakeLayout({3, 0, 0});
  task.labels = {3, 2, 1};
  task.group_of = {0, 0, 1};
  task.places = {""};
  task.defaults = {0, 0, 0};
  return task;
}

HeldOut Text(int fold, int topic, std::vector<float> scores) {
  HeldOut text;
  text.truth.labels = {topic, topic == 2 ? 1 : 0, kNoLabel};
  text.fold = fold;
  text.scores = std::move(scores);
  text.scores.resize(32, 0.0f);
  return text;
}

Prediction Ask(const Combination& combination, const std::vector<float>& scores) {
  Prediction prediction;
  Combine(combination, {scores, {}, {}}, 0, prediction);
  return prediction;
}

TEST(CalibrationTest, SaysAsMuchAsItIsRight) {
  std::vector<HeldOut> texts;
  // The first topic has the highest score, and is right in seven of ten.
  for (int i = 0; i < 1000; ++i) {
    texts.push_back(Text(i % 3, i % 10 < 7 ? 0 : i % 10 < 9 ? 1 : 2, {2.0f, 0.0f, 0.0f}));
  }
  const Calibration calibration = Calibrate(Task(), texts);
  EXPECT_NEAR(calibration.heads[kTopic].accuracy, 0.7, 1e-9);
  const Prediction prediction = Ask(calibration.combination, {2.0f, 0.0f, 0.0f});
  EXPECT_NEAR(prediction.topics()[0], 0.7, 0.03);
  EXPECT_NEAR(prediction.groups()[0], 0.9, 0.03);
  EXPECT_NEAR(prediction.topics()[0] + prediction.topics()[1], prediction.groups()[0], 1e-4);
}

TEST(CalibrationTest, NeverMakesATopicLikelierThanItsGroup) {
  std::vector<HeldOut> texts;
  for (int i = 0; i < 300; ++i) {
    const int topic = i % 3;
    std::vector<float> scores(3, 0.0f);
    scores[static_cast<size_t>(i % 7 == 0 ? 0 : topic)] = 1.0f;
    texts.push_back(Text((i / 3) % 3, topic, scores));
  }
  const Calibration calibration = Calibrate(Task(), texts);
  for (float a : {-3.0f, 0.0f, 1.0f, 5.0f}) {
    for (float b : {-2.0f, 0.5f, 4.0f}) {
      const Prediction prediction = Ask(calibration.combination, {a, b, 0.3f});
      EXPECT_LE(prediction.topics()[0], prediction.groups()[0] + 1e-6);
      EXPECT_LE(prediction.topics()[1], prediction.groups()[0] + 1e-6);
      EXPECT_LE(prediction.topics()[2], prediction.groups()[1] + 1e-6);
    }
  }
}

TEST(CalibrationTest, NeedsNoTexts) {
  const Prediction prediction = Ask(Calibrate(Task(), {}).combination, {1.0f, 0.0f, 0.0f});
  EXPECT_GT(prediction.topics()[0], prediction.topics()[1]);
}

double Sure(const Confidence& confidence, double said) {
  const double logit = confidence.slope * std::log(said / (1 - said)) + confidence.offset;
  return 1 / (1 + std::exp(-logit));
}

TEST(FitConfidenceTest, FindsOverconfidence) {
  std::vector<std::pair<float, bool>> answers;
  for (int i = 0; i < 1000; ++i) {
    answers.emplace_back(0.95f, i % 10 < 8);
    answers.emplace_back(0.5f, i % 2 == 0);
  }
  const std::vector<float> weights(answers.size(), 1.0f);
  EXPECT_NEAR(Sure(FitConfidence(answers, weights, {}), 0.95), 0.8, 0.03);
}

TEST(FitConfidenceTest, BeginsWithWhatIsBelieved) {
  const Confidence before = {.slope = 0.7f, .offset = -0.4f};
  EXPECT_EQ(FitConfidence({}, {}, before).slope, before.slope);
  EXPECT_EQ(FitConfidence({}, {}, before).offset, before.offset);
  const std::vector<std::pair<float, bool>> right(10, {0.9f, true});
  const std::vector<float> weights(10, 1.0f);
  const double few = Sure(FitConfidence(right, weights, before), 0.9);
  EXPECT_GT(few, Sure(before, 0.9));
  EXPECT_LT(few, 0.9);
}

TEST(FitConfidenceTest, NeverMakesANearCertainAnswerSurer) {
  const std::vector<std::pair<float, bool>> right(10'000, {0.9f, true});
  const std::vector<float> weights(right.size(), 1.0f);
  const Confidence confidence = FitConfidence(right, weights, {});
  EXPECT_LE(confidence.slope, 1);
  EXPECT_LE(confidence.offset, 1);
}

TEST(FitChoicesTest, BoundsWhatEvidenceCanBeWorth) {
  // One text with the right answer, many times.
  const std::vector<Choice> choices(10'000,
                                    {.evidence = {0.1f, 0.0f}, .candidates = {0, 1}, .right = 0});
  const ChoiceModel model = FitChoices(choices, 2, {1.5f});
  EXPECT_LE(model.factors[0], 4.5f);
}

TEST(CalibrationErrorTest, IsTheMeanGapOfTheBins) {
  EXPECT_EQ(CalibrationError({}), 0);
  const std::vector<std::pair<float, bool>> answers = {
      {0.9f, true}, {0.9f, false}, {0.3f, false}, {0.3f, false}};
  EXPECT_NEAR(CalibrationError(answers), (0.4 * 2 + 0.3 * 2) / 4, 1e-6);
}

}  // namespace
}  // namespace veche::classification
