#include "services/classification/training/linear_fit.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace veche::classification {
namespace {

// With fewer texts every feature is kept; with more, a feature of one text is noise.
constexpr size_t kFewTexts = 2'000;
constexpr int kTrialRounds = 1;
constexpr float kRarityPower = 1.5f;

using Vectors = std::vector<std::vector<Term>>;

// Features in order, each with its rarity over the texts.
LinearFit CountFeatures(absl::Span<const PreparedText* const> texts) {
  struct Count {
    uint32_t texts = 0;
    uint32_t last = 0;  // text that had it, from 1
  };
  absl::flat_hash_map<uint32_t, Count> counts;
  uint32_t number = 0;
  for (const PreparedText* text : texts) {
    ++number;
    for (const Feature& feature : text->features) {
      Count& count = counts[feature.hash];
      if (count.last == number) continue;
      count.last = number;
      ++count.texts;
    }
  }
  const uint32_t least = texts.size() < kFewTexts ? 1 : 2;
  std::vector<std::pair<uint32_t, uint32_t>> kept;  // hash, texts
  for (const auto& [hash, count] : counts) {
    if (count.texts >= least) kept.emplace_back(hash, count.texts);
  }
  std::sort(kept.begin(), kept.end());
  LinearFit fit;
  for (const auto& [hash, count] : kept) {
    fit.hashes.push_back(hash);
    const float log =
        std::log((1.0f + static_cast<float>(texts.size())) / (1.0f + static_cast<float>(count)));
    fit.rarity.push_back(std::pow(1.0f + log, kRarityPower));
  }
  return fit;
}

Vectors Vectorize(absl::Span<const PreparedText* const> texts, const LinearFit& fit) {
  const Vocabulary vocabulary(fit.hashes, fit.rarity);
  Vectors vectors;
  vectors.reserve(texts.size());
  for (const PreparedText* text : texts) vectors.push_back(vocabulary.Vectorize(text->features));
  return vectors;
}

void Train(absl::Span<const PreparedText* const> texts, const Vectors& vectors,
           const Layout& layout, const RegressionOptions& options, LinearFit& fit) {
  std::vector<TrainingText> training;
  training.reserve(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    training.push_back({vectors[i], texts[i]->labels, texts[i]->weight});
  }
  fit.weights = TrainRegression(training, fit.hashes.size(), layout, options);
}

// Keeps the features that change scores most: by the squares of their weights times those of their
// values over the texts.
void Prune(const Vectors& vectors, const Layout& layout, size_t max_features, LinearFit& fit) {
  std::vector<double> use(fit.hashes.size(), 0.0);
  for (const std::vector<Term>& terms : vectors) {
    for (const Term& term : terms) use[term.index] += double{term.value} * term.value;
  }
  for (size_t i = 0; i < use.size(); ++i) {
    double square = 0;
    for (size_t c = 0; c < layout.stride; ++c) {
      const double weight = fit.weights[i * layout.stride + c];
      square += weight * weight;
    }
    use[i] *= square;
  }
  std::vector<uint32_t> order(use.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(max_features),
                   order.end(), [&use](uint32_t left, uint32_t right) {
                     return use[left] != use[right] ? use[left] > use[right] : left < right;
                   });
  order.resize(max_features);
  std::sort(order.begin(), order.end());
  for (size_t i = 0; i < order.size(); ++i) {
    fit.hashes[i] = fit.hashes[order[i]];
    fit.rarity[i] = fit.rarity[order[i]];
  }
  fit.hashes.resize(max_features);
  fit.rarity.resize(max_features);
}

}  // namespace

LinearFit FitLinear(absl::Span<const PreparedText* const> texts, const Layout& layout,
                    const FitOptions& options) {
  LinearFit fit = CountFeatures(texts);
  Vectors vectors = Vectorize(texts, fit);
  if (fit.hashes.size() > options.max_features) {
    RegressionOptions trial = options.regression;
    trial.rounds = kTrialRounds;
    Train(texts, vectors, layout, trial, fit);
    Prune(vectors, layout, options.max_features, fit);
    vectors = Vectorize(texts, fit);
  }
  Train(texts, vectors, layout, options.regression, fit);
  return fit;
}

}  // namespace veche::classification
