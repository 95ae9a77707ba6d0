#include "services/classification/model/choice_model.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace veche::classification {
namespace {

constexpr int kRounds = 30;
constexpr double kBiasRidge = 6.0;     // keeps biases near zero
constexpr double kFactorRidge = 1.0;   // keeps factors near the first guess
constexpr float kLeastFactor = 0.2f;   // of the first guess
constexpr float kMostFactor = 3.0f;    // of the first guess
constexpr double kPriorWeight = 30.0;  // keeps the confidence near the prior
constexpr size_t kMaxFactors = 3;

using Vector = std::array<double, kMaxFactors>;
using Matrix = std::array<Vector, kMaxFactors>;

// Solves matrix * x = vector for a positive definite matrix, by elimination.
Vector Solve(Matrix matrix, Vector vector, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    for (size_t k = i + 1; k < size; ++k) {
      const double factor = matrix[k][i] / matrix[i][i];
      for (size_t j = i; j < size; ++j) matrix[k][j] -= factor * matrix[i][j];
      vector[k] -= factor * vector[i];
    }
  }
  for (size_t i = size; i-- > 0;) {
    for (size_t j = i + 1; j < size; ++j) vector[i] -= matrix[i][j] * vector[j];
    vector[i] /= matrix[i][i];
  }
  return vector;
}

// Sums of a Newton step over all choices.
struct Step {
  Vector gradient{};
  Matrix curvature{};
  std::vector<double> bias_gradient, bias_curvature;
};

void Add(const Choice& choice, const ChoiceModel& model, std::vector<double>& shares, Step& step) {
  const size_t factors = model.factors.size();
  const size_t count = choice.candidates.size();
  shares.assign(count, 0.0);
  double highest = -1e30;
  for (size_t c = 0; c < count; ++c) {
    shares[c] = model.bias[choice.candidates[c]];
    for (size_t f = 0; f < factors; ++f) {
      shares[c] += model.factors[f] * choice.evidence[c * factors + f];
    }
    highest = std::max(highest, shares[c]);
  }
  double sum = 0;
  for (double& share : shares) sum += share = std::exp(share - highest);
  Vector mean{};
  for (size_t c = 0; c < count; ++c) {
    shares[c] /= sum;
    for (size_t f = 0; f < factors; ++f) mean[f] += shares[c] * choice.evidence[c * factors + f];
    const double truth = c == choice.right ? 1.0 : 0.0;
    step.bias_gradient[choice.candidates[c]] += choice.weight * (truth - shares[c]);
    step.bias_curvature[choice.candidates[c]] += choice.weight * shares[c] * (1 - shares[c]);
  }
  for (size_t f = 0; f < factors; ++f) {
    step.gradient[f] += choice.weight * (choice.evidence[choice.right * factors + f] - mean[f]);
    for (size_t g = 0; g < factors; ++g) {
      double covariance = 0;
      for (size_t c = 0; c < count; ++c) {
        covariance += shares[c] * (choice.evidence[c * factors + f] - mean[f]) *
                      (choice.evidence[c * factors + g] - mean[g]);
      }
      step.curvature[f][g] += choice.weight * covariance;
    }
  }
}

}  // namespace

ChoiceModel FitChoices(absl::Span<const Choice> choices, size_t labels, std::vector<float> start) {
  const size_t factors = start.size();
  ChoiceModel model = {.factors = start, .bias = std::vector<float>(labels, 0.0f)};
  std::vector<double> shares;
  for (int round = 0; round < kRounds; ++round) {
    Step step;
    step.bias_gradient.assign(labels, 0.0);
    step.bias_curvature.assign(labels, kBiasRidge);
    for (const Choice& choice : choices) Add(choice, model, shares, step);
    for (size_t f = 0; f < factors; ++f) {
      step.gradient[f] -= kFactorRidge * (model.factors[f] - start[f]);
      step.curvature[f][f] += kFactorRidge;
    }
    // Factors and biases explain the same errors, so they are fitted in turn.
    if (round % 2 == 0) {
      const Vector move = Solve(step.curvature, step.gradient, factors);
      for (size_t f = 0; f < factors; ++f) {
        model.factors[f] += static_cast<float>(std::clamp(move[f], -2.0, 2.0));
        // A factor may become small, but not change its sign.
        model.factors[f] =
            std::clamp(model.factors[f], kLeastFactor * start[f], kMostFactor * start[f]);
      }
      continue;
    }
    constexpr double kDamping = 0.5;  // two coupled biases must not both make a full step
    for (size_t i = 0; i < labels; ++i) {
      const double gradient = step.bias_gradient[i] - kBiasRidge * model.bias[i];
      model.bias[i] += static_cast<float>(kDamping * gradient / step.bias_curvature[i]);
    }
  }
  return model;
}

Confidence FitConfidence(absl::Span<const std::pair<float, bool>> answers,
                         absl::Span<const float> weights, const Confidence& before) {
  double slope = before.slope, offset = before.offset;
  for (int round = 0; round < kRounds; ++round) {
    Vector gradient{};
    Matrix curvature{};
    curvature[0][0] = curvature[1][1] = kPriorWeight;
    gradient[0] = -kPriorWeight * (slope - before.slope);
    gradient[1] = -kPriorWeight * (offset - before.offset);
    for (size_t k = 0; k < answers.size(); ++k) {
      const auto [probability, right] = answers[k];
      const double p = std::clamp<double>(probability, 1e-5, 1 - 1e-5);
      const Vector x = {std::log(p / (1 - p)), 1.0};
      const double said = 1 / (1 + std::exp(-(slope * x[0] + offset)));
      for (size_t i = 0; i < 2; ++i) {
        gradient[i] += weights[k] * ((right ? 1.0 : 0.0) - said) * x[i];
        for (size_t j = 0; j < 2; ++j) {
          curvature[i][j] += weights[k] * said * (1 - said) * x[i] * x[j];
        }
      }
    }
    const Vector move = Solve(curvature, gradient, 2);
    slope = std::clamp(slope + move[0], 0.05, 1.0);
    offset = std::clamp(offset + move[1], -3.0, 1.0);
  }
  return {.slope = static_cast<float>(slope), .offset = static_cast<float>(offset)};
}

}  // namespace veche::classification
