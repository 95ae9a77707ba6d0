#include "services/classification/model.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "services/classification/model_file.h"

namespace veche::classification {

Model::Model(Parts parts) : parts_(std::move(parts)), version_(ModelVersion(parts_)) {}

std::vector<double> Model::Probabilities(const FeatureText& text) const {
  const size_t labels = parts_.labels.size();
  std::vector<float> scores = parts_.biases;
  for (const Term& term : parts_.vocabulary.Vectorize(text.features)) {
    const float value = term.value * parts_.scales[term.index];
    const int8_t* weights = parts_.weights.data() + size_t{term.index} * labels;
    for (size_t label = 0; label < labels; ++label) {
      scores[label] += value * static_cast<float>(weights[label]);
    }
  }
  return Softmax(scores, parts_.temperature);
}

std::vector<std::vector<double>> Model::Contributions(const FeatureText& text,
                                                      absl::Span<const size_t> labels) const {
  const std::vector<Term> terms = parts_.vocabulary.Vectorize(text.features);
  std::vector<double> occurrences(terms.size(), 0.0);
  std::vector<size_t> place(text.features.size(), terms.size());  // of each feature in `terms`
  for (size_t i = 0; i < text.features.size(); ++i) {
    const uint32_t index = parts_.vocabulary.Find(text.features[i].hash);
    if (index == Vocabulary::kAbsent) continue;
    const auto term = std::lower_bound(terms.begin(), terms.end(), index,
                                       [](const Term& t, uint32_t key) { return t.index < key; });
    place[i] = static_cast<size_t>(term - terms.begin());
    ++occurrences[place[i]];
  }
  // By term and label. A term's value is shared by its occurrences, and of a pair by its words.
  std::vector<double> shares;
  shares.reserve(terms.size() * labels.size());
  for (size_t i = 0; i < terms.size(); ++i) {
    const int8_t* weights = parts_.weights.data() + size_t{terms[i].index} * parts_.labels.size();
    const double mean =
        static_cast<double>(std::accumulate(weights, weights + parts_.labels.size(), 0)) /
        static_cast<double>(parts_.labels.size());
    const double share = parts_.scales[terms[i].index] * terms[i].value / occurrences[i] / 2;
    for (size_t label : labels) shares.push_back((weights[label] - mean) * share);
  }
  std::vector<std::vector<double>> contributions(labels.size());
  for (std::vector<double>& words : contributions) words.assign(text.tokens.size(), 0.0);
  for (size_t i = 0; i < text.features.size(); ++i) {
    if (place[i] == terms.size()) continue;
    for (size_t k = 0; k < labels.size(); ++k) {
      const double share = shares[place[i] * labels.size() + k];
      contributions[k][text.features[i].first_token] += share;
      contributions[k][text.features[i].last_token] += share;
    }
  }
  return contributions;
}

std::vector<ScoredTopic> Best(const std::vector<double>& probabilities, size_t count) {
  std::vector<ScoredTopic> topics(probabilities.size());
  for (size_t i = 0; i < topics.size(); ++i) topics[i] = {i, probabilities[i]};
  count = std::min(count, topics.size());
  std::partial_sort(topics.begin(), topics.begin() + static_cast<std::ptrdiff_t>(count),
                    topics.end(), [](const ScoredTopic& left, const ScoredTopic& right) {
                      if (left.probability != right.probability)
                        return left.probability > right.probability;
                      return left.label < right.label;
                    });
  topics.resize(count);
  return topics;
}

std::vector<double> Softmax(absl::Span<const float> scores, float temperature) {
  std::vector<double> probabilities(scores.size());
  if (scores.empty()) return probabilities;
  const double highest = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (size_t i = 0; i < scores.size(); ++i) {
    probabilities[i] = std::exp((scores[i] - highest) / temperature);
    sum += probabilities[i];
  }
  for (double& probability : probabilities) probability /= sum;
  return probabilities;
}

}  // namespace veche::classification
