#include "services/classification/calibration.h"

#include <gtest/gtest.h>

namespace veche::classification {
namespace {

// `count` answers that give label 0 the score `score`; the first `right` of them rightly.
void Add(std::vector<HeldOut>& answers, int count, int right, float score) {
  for (int i = 0; i < count; ++i) {
    answers.push_back({.scores = {score, 0.0f}, .label = i < right ? 0u : 1u});
  }
}

TEST(CalibrationTest, FindsTheTemperatureThatFits) {
  std::vector<HeldOut> answers;
  Add(answers, 100, 73, 1.0f);  // 73 % is the sigmoid of 1
  EXPECT_NEAR(Calibrate(answers, 0.85).temperature, 1.0, 0.05);
}

TEST(CalibrationTest, IsConfidentOnlyWhereItIsRight) {
  std::vector<HeldOut> answers;
  Add(answers, 100, 97, 3.0f);
  Add(answers, 300, 150, 0.1f);
  const Calibration calibration = Calibrate(answers, 0.9);
  EXPECT_GT(calibration.confident_from, 0.6);
  EXPECT_LT(calibration.confident_from, 1.0);
  EXPECT_NEAR(calibration.accuracy, 247 / 400.0, 1e-9);
}

TEST(CalibrationTest, IsNeverConfidentWithoutEvidence) {
  EXPECT_GT(Calibrate({}, 0.9).confident_from, 1.0);
  std::vector<HeldOut> answers;
  Add(answers, 100, 50, 1.0f);
  EXPECT_GT(Calibrate(answers, 0.9).confident_from, 1.0);
}

}  // namespace
}  // namespace veche::classification
