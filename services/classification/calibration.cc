#include "services/classification/calibration.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "services/classification/model.h"

namespace veche::classification {
namespace {

constexpr float kNever = 2.0f;      // no probability reaches it
constexpr size_t kFewestSure = 30;  // answers that a precision is measured on
constexpr double kLowest = 0.02;    // temperatures tried
constexpr double kHighest = 5.0;

double LogLoss(const std::vector<HeldOut>& answers, double temperature) {
  double loss = 0;
  for (const HeldOut& answer : answers) {
    const auto probabilities = Softmax(answer.scores, static_cast<float>(temperature));
    loss -= std::log(std::max(probabilities[answer.label], 1e-12));
  }
  return loss;
}

// Golden-section search over the logarithm; the loss has one minimum.
float FitTemperature(const std::vector<HeldOut>& answers) {
  constexpr double kGolden = 0.6180339887498949;
  double low = std::log(kLowest);
  double high = std::log(kHighest);
  double left = high - kGolden * (high - low);
  double right = low + kGolden * (high - low);
  double left_loss = LogLoss(answers, std::exp(left));
  double right_loss = LogLoss(answers, std::exp(right));
  for (int i = 0; i < 20; ++i) {
    if (left_loss < right_loss) {
      high = std::exchange(right, left);
      right_loss = left_loss;
      left = high - kGolden * (high - low);
      left_loss = LogLoss(answers, std::exp(left));
    } else {
      low = std::exchange(left, right);
      left_loss = right_loss;
      right = low + kGolden * (high - low);
      right_loss = LogLoss(answers, std::exp(right));
    }
  }
  return static_cast<float>(std::exp((low + high) / 2));
}

}  // namespace

Calibration Calibrate(const std::vector<HeldOut>& answers, double precision) {
  Calibration calibration;
  calibration.confident_from = kNever;
  if (answers.empty()) return calibration;
  calibration.temperature = FitTemperature(answers);
  std::vector<std::pair<double, bool>> firsts;  // probability, right
  for (const HeldOut& answer : answers) {
    const ScoredTopic first = Best(Softmax(answer.scores, calibration.temperature), 1).front();
    firsts.emplace_back(first.probability, first.label == answer.label);
  }
  std::sort(firsts.rbegin(), firsts.rend());
  size_t right = 0;
  for (size_t i = 0; i < firsts.size(); ++i) {
    right += firsts[i].second ? 1 : 0;
    // Equal probabilities stand or fall together.
    if (i + 1 < firsts.size() && firsts[i + 1].first == firsts[i].first) continue;
    if (i + 1 >= kFewestSure &&
        static_cast<double>(right) >= precision * static_cast<double>(i + 1)) {
      calibration.confident_from = static_cast<float>(firsts[i].first);
    }
  }
  calibration.accuracy = static_cast<double>(right) / static_cast<double>(firsts.size());
  return calibration;
}

}  // namespace veche::classification
