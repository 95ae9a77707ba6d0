#include "services/classification/trainer.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "services/classification/calibration.h"

namespace veche::classification {
namespace {

// Below this many examples every feature counts, above it one seen once is noise.
constexpr size_t kFewExamples = 2'000;

using Vectors = std::vector<std::vector<Term>>;

struct Task {
  std::vector<std::string> labels;
  std::vector<size_t> label_of;  // by example
  std::vector<int> fold_of;      // by example; equal texts share a fold
};

Task MakeTask(absl::Span<const Example> examples, int folds) {
  std::set<std::string> names;
  for (const Example& example : examples) names.insert(example.topic);
  Task task;
  task.labels.assign(names.begin(), names.end());
  std::map<absl::string_view, int> fold_by_text;
  for (const Example& example : examples) {
    const auto label = std::lower_bound(task.labels.begin(), task.labels.end(), example.topic);
    task.label_of.push_back(static_cast<size_t>(label - task.labels.begin()));
    const int next = static_cast<int>(fold_by_text.size() * 7 % 10'007) % folds;
    task.fold_of.push_back(fold_by_text.emplace(example.text, next).first->second);
  }
  return task;
}

// The most frequent features, with their rarity over the examples.
Vocabulary MakeVocabulary(const std::vector<std::vector<Feature>>& texts, size_t max_features) {
  absl::flat_hash_map<uint32_t, uint32_t> count;
  for (const std::vector<Feature>& features : texts) {
    std::vector<uint32_t> hashes;
    hashes.reserve(features.size());
    for (const Feature& feature : features) hashes.push_back(feature.hash);
    std::sort(hashes.begin(), hashes.end());
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
    for (uint32_t hash : hashes) ++count[hash];
  }
  const uint32_t least = texts.size() < kFewExamples ? 1 : 2;
  std::vector<std::pair<uint32_t, uint32_t>> kept;  // count, hash
  for (const auto& [hash, times] : count) {
    if (times >= least) kept.emplace_back(times, hash);
  }
  std::sort(kept.begin(), kept.end(), [](const auto& left, const auto& right) {
    return left.first != right.first ? left.first > right.first : left.second < right.second;
  });
  if (kept.size() > max_features) kept.resize(max_features);
  std::sort(kept.begin(), kept.end(),
            [](const auto& left, const auto& right) { return left.second < right.second; });
  std::vector<uint32_t> hashes;
  std::vector<float> idf;
  for (const auto& [times, hash] : kept) {
    hashes.push_back(hash);
    idf.push_back(1.0f + std::log((1.0f + static_cast<float>(texts.size())) /
                                  (1.0f + static_cast<float>(times))));
  }
  return Vocabulary(std::move(hashes), std::move(idf));
}

bool IsCancelled(const TrainOptions& options) { return options.cancelled && options.cancelled(); }

// One plane for each label, from the examples outside `held_out` (-1: from all).
std::vector<Plane> TrainPlanes(const Task& task, const Vectors& vectors, size_t features,
                               int held_out, const TrainOptions& options) {
  std::vector<const std::vector<Term>*> chosen;
  std::vector<size_t> labels;
  for (size_t i = 0; i < vectors.size(); ++i) {
    if (task.fold_of[i] == held_out) continue;
    chosen.push_back(&vectors[i]);
    labels.push_back(task.label_of[i]);
  }
  std::vector<Plane> planes;
  for (size_t label = 0; label < task.labels.size(); ++label) {
    if (IsCancelled(options)) {
      planes.resize(task.labels.size(), Plane(features + 1));
      break;
    }
    std::vector<bool> positive(labels.size());
    for (size_t i = 0; i < labels.size(); ++i) positive[i] = labels[i] == label;
    planes.push_back(TrainSvm(chosen, positive, features, options.svm));
  }
  return planes;
}

// What models trained without an example's fold say of it.
std::vector<HeldOut> CrossValidate(const Task& task, const Vectors& vectors, size_t features,
                                   const TrainOptions& options) {
  std::vector<HeldOut> answers;
  for (int fold = 0; fold < options.folds; ++fold) {
    const std::vector<Plane> planes = TrainPlanes(task, vectors, features, fold, options);
    for (size_t i = 0; i < vectors.size(); ++i) {
      if (task.fold_of[i] != fold) continue;
      HeldOut answer = {.scores = {}, .label = task.label_of[i]};
      for (const Plane& plane : planes) answer.scores.push_back(Score(plane, vectors[i]));
      answers.push_back(std::move(answer));
    }
  }
  return answers;
}

// One byte a weight: the largest of a feature's weights becomes ±127.
void Quantise(const std::vector<Plane>& planes, Model::Parts& parts) {
  const size_t labels = planes.size();
  const size_t features = parts.vocabulary.size();
  parts.weights.resize(features * labels);
  parts.scales.resize(features);
  for (size_t feature = 0; feature < features; ++feature) {
    float largest = 0;
    for (const Plane& plane : planes) largest = std::max(largest, std::abs(plane[feature]));
    if (largest == 0) continue;
    parts.scales[feature] = largest / 127.0f;
    for (size_t label = 0; label < labels; ++label) {
      const float weight = planes[label][feature] / parts.scales[feature];
      parts.weights[feature * labels + label] = static_cast<int8_t>(std::lround(weight));
    }
  }
  for (const Plane& plane : planes) parts.biases.push_back(plane.back());
}

}  // namespace

absl::StatusOr<Model> TrainModel(absl::Span<const Example> examples, const TrainOptions& options) {
  const Task task = MakeTask(examples, options.folds);
  if (task.labels.size() < 2) {
    return absl::InvalidArgumentError("at least two topics must have examples");
  }
  std::vector<std::vector<Feature>> texts;
  for (const Example& example : examples) texts.push_back(ExtractFeatures(example.text).features);
  Vocabulary vocabulary = MakeVocabulary(texts, options.max_features);
  Vectors vectors;
  for (const std::vector<Feature>& features : texts)
    vectors.push_back(vocabulary.Vectorize(features));
  texts.clear();

  const size_t features = vocabulary.size();
  const Calibration calibration =
      Calibrate(CrossValidate(task, vectors, features, options), options.precision);
  Model::Parts parts{
      .labels = task.labels,
      .vocabulary = std::move(vocabulary),
      .weights = {},
      .scales = {},
      .biases = {},
      .temperature = calibration.temperature,
      .confident_from = calibration.confident_from,
      .report = {options.source, static_cast<uint32_t>(examples.size()), calibration.accuracy}};
  const std::vector<Plane> planes = TrainPlanes(task, vectors, features, -1, options);
  if (IsCancelled(options)) return absl::CancelledError("the training was cancelled");
  Quantise(planes, parts);
  return Model(std::move(parts));
}

}  // namespace veche::classification
