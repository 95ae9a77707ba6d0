#include "services/classification/linear_svm.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

namespace veche::classification {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

class Solver {
 public:
  Solver(absl::Span<const std::vector<Term>* const> examples, const std::vector<bool>& positive,
         size_t features, const SvmOptions& options)
      : examples_(examples),
        positive_(positive),
        diagonal_(0.5 / options.cost),
        plane_(features + 1, 0.0f),
        alpha_(examples.size(), 0.0),
        curvature_(examples.size()),
        active_(examples.size()) {
    std::iota(active_.begin(), active_.end(), size_t{0});
    for (size_t i = 0; i < examples.size(); ++i) {
      double square = 1.0;  // of the bias
      for (const Term& term : *examples[i]) square += double{term.value} * term.value;
      curvature_[i] = square + diagonal_;
    }
  }

  Plane Solve(const SvmOptions& options) {
    for (int round = 0; round < options.max_rounds; ++round) {
      const bool whole = active_.size() == examples_.size();
      const double gap = Round();
      if (gap > options.tolerance) continue;
      if (whole) break;
      // Near the optimum of those left: look once more at the ones that were set aside.
      active_.resize(examples_.size());
      std::iota(active_.begin(), active_.end(), size_t{0});
      bound_ = kInfinity;
    }
    return std::move(plane_);
  }

 private:
  // Visits every active example once, in random order; returns how far from optimal they were.
  double Round() {
    for (size_t i = active_.size(); i > 1; --i) std::swap(active_[i - 1], active_[random_() % i]);
    double highest = -kInfinity;
    double lowest = kInfinity;
    for (size_t k = 0; k < active_.size();) {
      const size_t i = active_[k];
      const double sign = positive_[i] ? 1.0 : -1.0;
      const double gradient = sign * Score(plane_, *examples_[i]) - 1.0 + alpha_[i] * diagonal_;
      double projected = gradient;
      if (alpha_[i] == 0) {
        if (gradient > bound_) {  // far on the right side: will hardly matter again
          std::swap(active_[k], active_.back());
          active_.pop_back();
          continue;
        }
        projected = std::min(gradient, 0.0);
      }
      highest = std::max(highest, projected);
      lowest = std::min(lowest, projected);
      if (projected != 0) Move(i, sign, gradient);
      ++k;
    }
    bound_ = highest > 0 ? highest : kInfinity;
    return highest - lowest;
  }

  void Move(size_t i, double sign, double gradient) {
    const double before = alpha_[i];
    alpha_[i] = std::max(before - gradient / curvature_[i], 0.0);
    const auto step = static_cast<float>((alpha_[i] - before) * sign);
    for (const Term& term : *examples_[i]) plane_[term.index] += step * term.value;
    plane_.back() += step;
  }

  absl::Span<const std::vector<Term>* const> examples_;
  const std::vector<bool>& positive_;
  const double diagonal_;
  Plane plane_;
  std::vector<double> alpha_;
  std::vector<double> curvature_;
  std::vector<size_t> active_;
  double bound_ = kInfinity;
  std::mt19937 random_{20'260'101};  // a fixed start: the same data gives the same model
};

}  // namespace

Plane TrainSvm(absl::Span<const std::vector<Term>* const> examples,
               const std::vector<bool>& positive, size_t features, const SvmOptions& options) {
  return Solver(examples, positive, features, options).Solve(options);
}

float Score(const Plane& plane, const std::vector<Term>& terms) {
  float score = plane.back();
  for (const Term& term : terms) score += plane[term.index] * term.value;
  return score;
}

}  // namespace veche::classification
