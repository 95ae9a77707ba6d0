#include "services/classification/training/trainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/classification/model/model_file.h"
#include "services/classification/training/calibration.h"
#include "services/classification/training/label_sets.h"
#include "services/classification/training/linear_fit.h"
#include "services/classification/training/near_copies.h"

namespace veche::classification {
namespace {

// Texts that begin alike, and those that FindNearCopies finds, are likely copies: they share a
// fold, so that no model is tested on a copy of its training texts.
int FoldOf(absl::string_view text, int folds) {
  constexpr int kBeginning = 6;  // words
  WordReader reader(text);
  Word word;
  uint64_t state = 0;
  for (int i = 0; i < kBeginning && reader.Next(word); ++i) state = state * 31 + WordKey(word);
  return static_cast<int>((state >> 20) % static_cast<uint64_t>(folds));
}

// The weight of the prior in the weights of texts, in texts of other topics.
constexpr double kBaseWeight = 20;

// The built-in model is calibrated on seed texts, not on real appeals: on the appeals of two cities
// (their training split) its first answers were this much less sure.
constexpr Confidence kFarFromHome = {.slope = 0.7f, .offset = -0.4f};

class Trainer {
 public:
  Trainer(absl::Span<const Example> examples, const TrainOptions& options) : options_(options) {
    for (const Example& example : examples) examples_.push_back(&example);
    if (options.with_seed) {
      for (const Example& example : SeedExamples()) examples_.push_back(&example);
    }
    has_city_ = std::any_of(examples_.begin(), examples_.end(), [](const Example* example) {
      return example->origin == Example::Origin::kCity;
    });
  }

  absl::StatusOr<Model> Run() {
    sets_ = NumberLabels(examples_);
    if (sets_.labels[kTopic].size() < 2) {
      return absl::InvalidArgumentError(
          sets_.labels[kTopic].empty()
              ? std::string("no text has a topic")
              : absl::StrCat("all texts have the topic \"", sets_.labels[kTopic][0],
                             "\": at least two topics must have examples"));
    }
    std::array<size_t, kHeads> columns{};
    for (size_t head = 0; head < kHeads; ++head) {
      const size_t labels = sets_.labels[head].size();
      columns[head] = sets_.labelled[head] > 0 && labels > 1 ? labels : 0;
    }
    layout_ = MakeLayout(columns);
    Prepare();
    const std::vector<HeldOut> held_out = CrossValidate();
    if (IsCancelled()) return absl::CancelledError("the training was cancelled");
    const LinearFit fit = Fit(-1);
    if (IsCancelled()) return absl::CancelledError("the training was cancelled");
    return Assemble(fit, held_out);
  }

 private:
  bool IsCancelled() const { return options_.cancelled && options_.cancelled(); }

  bool Counts(size_t i) const {
    return !has_city_ || examples_[i]->origin == Example::Origin::kCity;
  }

  void Prepare() {
    for (size_t i = 0; i < examples_.size(); ++i) {
      const Example& example = *examples_[i];
      const float kind = example.origin == Example::Origin::kSeed   ? options_.seed_weight
                         : example.origin == Example::Origin::kName ? options_.name_weight
                                                                    : 1.0f;
      texts_.push_back({.features = ExtractFeatures(example.text).features,
                        .labels = sets_.examples[i].labels,
                        .weight = kind * example.weight});
      if (Counts(i)) counted_.push_back(i);
    }
    Weigh();
    SpreadFolds();
  }

  // Texts of the seed are no copies and have no prior.
  void Weigh() {
    copy_of_.resize(counted_.size());
    std::iota(copy_of_.begin(), copy_of_.end(), 0u);
    text_weights_.assign(counted_.size(), 1.0f);
    if (!has_city_) return;
    std::vector<absl::string_view> texts;
    std::vector<int32_t> topics;
    for (size_t i : counted_) {
      texts.push_back(examples_[i]->text);
      topics.push_back(sets_.examples[i].labels[kTopic]);
    }
    copy_of_ = FindNearCopies(texts);
    text_weights_ = TextWeights(copy_of_, topics, kBaseWeight);
  }

  // If all texts began alike, a fold would have no examples: then texts are assigned in turn,
  // copies together with their original if there are enough originals.
  void SpreadFolds() {
    folds_.assign(examples_.size(), -1);
    std::vector<size_t> sizes(static_cast<size_t>(options_.folds), 0);
    for (size_t k = 0; k < counted_.size(); ++k) {
      const int fold = FoldOf(examples_[counted_[copy_of_[k]]]->text, options_.folds);
      folds_[counted_[k]] = fold;
      ++sizes[static_cast<size_t>(fold)];
    }
    if (*std::max_element(sizes.begin(), sizes.end()) * 3 <= counted_.size() * 2) return;
    size_t originals = 0;
    for (size_t k = 0; k < counted_.size(); ++k) originals += copy_of_[k] == k ? 1 : 0;
    const bool apart = originals < sizes.size();
    int next = 0;
    for (size_t k = 0; k < counted_.size(); ++k) {
      const bool own = apart || copy_of_[k] == k;
      folds_[counted_[k]] = own ? next++ % options_.folds : folds_[counted_[copy_of_[k]]];
    }
  }

  // Trains on all texts outside the fold.
  LinearFit Fit(int fold) const {
    std::vector<const PreparedText*> chosen;
    for (size_t i = 0; i < texts_.size(); ++i) {
      if (fold < 0 || folds_[i] != fold) chosen.push_back(&texts_[i]);
    }
    RegressionOptions regression = options_.regression;
    regression.cancelled = options_.cancelled;
    constexpr size_t kBesideWeights = 12;  // bytes of a feature: hash, rarity, scale
    return FitLinear(chosen, layout_,
                     {.max_features = options_.max_bytes / (layout_.stride + kBesideWeights),
                      .regression = regression});
  }

  std::vector<HeldOut> CrossValidate() const {
    std::vector<HeldOut> held_out;
    for (int fold = 0; fold < options_.folds && !IsCancelled(); ++fold) {
      const LinearFit fit = Fit(fold);
      const Vocabulary vocabulary(fit.hashes, fit.rarity);
      for (size_t k = 0; k < counted_.size(); ++k) {
        const size_t i = counted_[k];
        if (folds_[i] != fold) continue;
        HeldOut text = {
            .truth = sets_.examples[i], .fold = fold, .scores = {}, .weight = text_weights_[k]};
        Score(fit.weights, layout_, vocabulary.Vectorize(texts_[i].features), text.scores);
        held_out.push_back(std::move(text));
      }
    }
    return held_out;
  }

  absl::StatusOr<Model> Assemble(const LinearFit& fit, const std::vector<HeldOut>& held_out) const {
    Calibration calibration = Calibrate({.layout = layout_,
                                         .labels = LabelCounts(),
                                         .group_of = sets_.group_of,
                                         .places = sets_.places,
                                         .defaults = sets_.defaults,
                                         .folds = options_.folds},
                                        held_out);
    if (!has_city_) calibration.combination.confidence.fill(kFarFromHome);
    Model::Parts parts;
    parts.labels = sets_.labels;
    parts.layout = layout_;
    parts.combination = std::move(calibration.combination);
    parts.columns = options_.columns;
    parts.report = {.source = options_.source,
                    .accuracy = calibration.heads[kTopic].accuracy,
                    .heads = calibration.heads};
    ModelArrays arrays;
    for (size_t i = 0; i < examples_.size(); ++i) {
      const bool city = examples_[i]->origin == Example::Origin::kCity;
      ++parts.report.examples;
      if (!city) continue;
      ++parts.report.city_examples;
      arrays.fingerprints.push_back(Fingerprint(examples_[i]->text));
    }
    std::sort(arrays.fingerprints.begin(), arrays.fingerprints.end());
    Quantise(fit, arrays);
    return BuildModel(std::move(parts), arrays);
  }

  std::array<size_t, kHeads> LabelCounts() const {
    std::array<size_t, kHeads> counts{};
    for (size_t head = 0; head < kHeads; ++head) counts[head] = sets_.labels[head].size();
    return counts;
  }

  // One byte a weight: the largest of a feature's weights becomes ±127.
  void Quantise(const LinearFit& fit, ModelArrays& arrays) const {
    constexpr float kLargest = 127.0f;
    const size_t stride = layout_.stride;
    const size_t features = fit.hashes.size();
    arrays.hashes = fit.hashes;
    arrays.rarity = fit.rarity;
    arrays.rows.assign(features * stride, 0);
    arrays.scales.assign(features, 0.0f);
    for (size_t feature = 0; feature < features; ++feature) {
      const float* weights = fit.weights.data() + feature * stride;
      float largest = 0;
      for (size_t c = 0; c < stride; ++c) largest = std::max(largest, std::abs(weights[c]));
      if (largest == 0) continue;
      arrays.scales[feature] = largest / kLargest;
      for (size_t c = 0; c < stride; ++c) {
        arrays.rows[feature * stride + c] =
            static_cast<int8_t>(std::lround(weights[c] / arrays.scales[feature]));
      }
    }
    arrays.biases.assign(fit.weights.end() - static_cast<std::ptrdiff_t>(stride),
                         fit.weights.end());
  }

  const TrainOptions& options_;
  std::vector<const Example*> examples_;
  bool has_city_ = false;
  LabelSets sets_;
  Layout layout_;
  std::vector<PreparedText> texts_;
  std::vector<int> folds_;           // -1: in every training set
  std::vector<size_t> counted_;      // examples that are tested
  std::vector<uint32_t> copy_of_;    // by tested example: the first of its copies
  std::vector<float> text_weights_;  // by tested example: its weight
};

}  // namespace

absl::StatusOr<Model> TrainModel(absl::Span<const Example> examples, const TrainOptions& options) {
  return Trainer(examples, options).Run();
}

}  // namespace veche::classification
