#include "services/classification/model/regression.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "services/classification/model/vector_loops.h"

namespace veche::classification {
namespace {

VECHE_VECTORISED void AddScaled(const float* __restrict row, float factor, size_t stride,
                                float* __restrict sums) {
  for (size_t c = 0; c < stride; ++c) sums[c] += factor * row[c];
}

void Softmax(float* scores, size_t count) {
  const float highest = *std::max_element(scores, scores + count);
  float sum = 0;
  for (size_t c = 0; c < count; ++c) sum += scores[c] = std::exp(scores[c] - highest);
  for (size_t c = 0; c < count; ++c) scores[c] /= sum;
}

class Solver {
 public:
  Solver(absl::Span<const TrainingText> texts, size_t features, const Layout& layout, float cost)
      : texts_(texts),
        layout_(layout),
        cost_(cost),
        weights_((features + 1) * layout.stride, 0.0f),
        dual_(texts.size() * layout.stride, 0.0f),
        step_(layout.stride) {}

  std::vector<float> Solve(const RegressionOptions& options) {
    std::vector<uint32_t> order(texts_.size());
    std::iota(order.begin(), order.end(), 0u);
    std::mt19937 random(20'260'101);  // a fixed seed: the same data give the same weights
    for (int round = 0; round < options.rounds; ++round) {
      if (options.cancelled && options.cancelled()) break;
      for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
      for (uint32_t i : order) Visit(i);
    }
    return std::move(weights_);
  }

 private:
  // Moves the text's dual variables towards cost * (truth - prediction).
  void Visit(uint32_t i) {
    const TrainingText& text = texts_[i];
    Score(weights_, layout_, text.terms, scores_);
    float square = 1;  // of the bias
    for (const Term& term : text.terms) square += term.value * term.value;
    std::fill(step_.begin(), step_.end(), 0.0f);
    const float cost = cost_ * text.weight;
    const float rate = 1 / (1 + cost * square / 2);
    for (size_t head = 0; head < kHeads; ++head) {
      const Columns& columns = layout_.heads[head];
      if (text.labels[head] == kNoLabel || columns.count == 0) continue;
      float* scores = scores_.data() + columns.begin;
      Softmax(scores, columns.count);
      float* dual = dual_.data() + i * layout_.stride + columns.begin;
      for (size_t c = 0; c < columns.count; ++c) {
        const float truth = static_cast<size_t>(text.labels[head]) == c ? 1.0f : 0.0f;
        const float step = rate * (cost * (truth - scores[c]) - dual[c]);
        dual[c] += step;
        step_[columns.begin + c] = step;
      }
    }
    for (const Term& term : text.terms) Add(term.index, term.value);
    Add(static_cast<uint32_t>(weights_.size() / layout_.stride - 1), 1.0f);
  }

  void Add(uint32_t row, float factor) {
    AddScaled(step_.data(), factor, layout_.stride, weights_.data() + row * layout_.stride);
  }

  absl::Span<const TrainingText> texts_;
  const Layout& layout_;
  const float cost_;
  std::vector<float> weights_;
  std::vector<float> dual_;
  std::vector<float> step_;
  std::vector<float> scores_;
};

}  // namespace

Layout MakeLayout(const std::array<size_t, kHeads>& labels) {
  constexpr size_t kMultiple = 32;
  Layout layout;
  size_t end = 0;
  for (size_t head = 0; head < kHeads; ++head) {
    layout.heads[head] = {end, labels[head]};
    end += labels[head];
  }
  layout.stride = (end + kMultiple - 1) / kMultiple * kMultiple;
  return layout;
}

std::vector<float> TrainRegression(absl::Span<const TrainingText> texts, size_t features,
                                   const Layout& layout, const RegressionOptions& options) {
  return Solver(texts, features, layout, options.cost).Solve(options);
}

void Score(absl::Span<const float> weights, const Layout& layout, absl::Span<const Term> terms,
           std::vector<float>& sums) {
  const float* bias = weights.data() + weights.size() - layout.stride;
  sums.assign(bias, bias + layout.stride);
  for (const Term& term : terms) {
    AddScaled(weights.data() + size_t{term.index} * layout.stride, term.value, layout.stride,
              sums.data());
  }
}

}  // namespace veche::classification
