#include "services/classification/training/calibration.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "services/classification/model/choice_model.h"

namespace veche::classification {
namespace {

// Priors of the factors: about the values fitted on the appeals of two cities (their training split
// and a tenth of it).
constexpr Confidence kUsual = {.slope = 0.75f, .offset = 0.0f};

class Calibrator {
 public:
  Calibrator(const CalibrationTask& task, const std::vector<HeldOut>& texts)
      : task_(task), texts_(texts) {
    combination_.group_of = task.group_of;
    for (size_t head = 0; head < kHeads; ++head) {
      combination_.bias[head].assign(task.labels[head], 0.0f);
    }
    // A text must not count in the statistics of its own place.
    for (int fold = 0; fold < task.folds; ++fold) {
      by_fold_.push_back(Count([fold](const HeldOut& text) { return text.fold != fold; }));
    }
  }

  Calibration Run() {
    FitTopics();
    FitGroups();
    FitDepartments();
    Calibration calibration;
    FitConfidences(calibration.heads);
    calibration.combination = std::move(combination_);
    calibration.combination.places = Count([](const HeldOut&) { return true; });
    return calibration;
  }

 private:
  template <typename Take>
  std::vector<Place> Count(Take take) const {
    std::vector<const PlacedLabels*> taken;
    for (const HeldOut& text : texts_) {
      if (take(text)) taken.push_back(&text.truth);
    }
    return CountPlaces(taken, task_.places, task_.labels, task_.defaults);
  }

  float ScoreOf(const HeldOut& text, Head head, size_t label) const {
    const Columns& columns = task_.layout.heads[head];
    return columns.count == 0 ? 0 : text.scores[columns.begin + label];
  }

  const Place& PlaceOf(const HeldOut& text) const {
    return by_fold_[static_cast<size_t>(text.fold)][text.truth.place];
  }

  std::vector<float> TopicLogits(const HeldOut& text) const {
    std::vector<float> logits(task_.labels[kTopic]);
    for (size_t i = 0; i < logits.size(); ++i) {
      logits[i] = combination_.topic[0] * ScoreOf(text, kTopic, i) +
                  combination_.topic[1] * PlaceOf(text).topics[i] + combination_.bias[kTopic][i];
    }
    return logits;
  }

  // Among the topics of the right group.
  void FitTopics() {
    std::vector<Choice> choices;
    for (const HeldOut& text : texts_) {
      if (text.truth.labels[kTopic] == kNoLabel) continue;
      const auto right = static_cast<uint32_t>(text.truth.labels[kTopic]);
      Choice choice;
      for (uint32_t i = 0; i < task_.group_of.size(); ++i) {
        if (task_.group_of[i] != task_.group_of[right]) continue;
        if (i == right) choice.right = choice.candidates.size();
        choice.candidates.push_back(i);
        choice.evidence.push_back(ScoreOf(text, kTopic, i));
        choice.evidence.push_back(PlaceOf(text).topics[i]);
      }
      choice.weight = text.weight;
      if (choice.candidates.size() > 1) choices.push_back(std::move(choice));
    }
    Take(FitChoices(choices, task_.labels[kTopic], {1.5f, 0.5f}), kTopic, combination_.topic);
  }

  void FitGroups() {
    std::vector<Choice> choices;
    std::vector<float> sums(task_.labels[kGroup]);
    for (const HeldOut& text : texts_) {
      if (text.truth.labels[kGroup] == kNoLabel) continue;
      SumTopics(TopicLogits(text), task_.group_of, sums);
      Choice choice = {.right = static_cast<size_t>(text.truth.labels[kGroup]),
                       .weight = text.weight};
      for (uint32_t i = 0; i < sums.size(); ++i) {
        choice.candidates.push_back(i);
        choice.evidence.push_back(ScoreOf(text, kGroup, i));
        choice.evidence.push_back(sums[i]);
        choice.evidence.push_back(PlaceOf(text).groups[i]);
      }
      choices.push_back(std::move(choice));
    }
    Take(FitChoices(choices, task_.labels[kGroup], {0.7f, 0.7f, 0.2f}), kGroup, combination_.group);
  }

  void FitDepartments() {
    if (task_.layout.heads[kDepartment].count == 0)
      return;  // then topics determine the departments
    std::vector<Choice> choices;
    Prediction prediction;
    std::vector<float> logs(task_.labels[kDepartment]);
    for (const HeldOut& text : texts_) {
      if (text.truth.labels[kDepartment] == kNoLabel) continue;
      Predict(text, prediction);
      ExpectDepartments(PlaceOf(text), prediction.topics(), logs);
      Choice choice = {.right = static_cast<size_t>(text.truth.labels[kDepartment]),
                       .weight = text.weight};
      for (uint32_t i = 0; i < logs.size(); ++i) {
        choice.candidates.push_back(i);
        choice.evidence.push_back(ScoreOf(text, kDepartment, i));
        choice.evidence.push_back(logs[i]);
      }
      choices.push_back(std::move(choice));
    }
    Take(FitChoices(choices, task_.labels[kDepartment], {0.7f, 0.9f}), kDepartment,
         combination_.department);
  }

  template <size_t n>
  void Take(const ChoiceModel& model, Head head, std::array<float, n>& factors) {
    std::copy(model.factors.begin(), model.factors.end(), factors.begin());
    combination_.bias[head] = model.bias;
  }

  // The confidence of the later heads is not fitted yet.
  void Predict(const HeldOut& text, Prediction& prediction) {
    combination_.places = {PlaceOf(text)};
    Scores scores;
    for (size_t head = 0; head < kHeads; ++head) {
      const Columns& columns = task_.layout.heads[head];
      scores[head] = absl::MakeConstSpan(text.scores).subspan(columns.begin, columns.count);
    }
    CombineRaw(combination_, scores, 0, prediction);
  }

  void FitConfidences(std::array<HeadReport, kHeads>& reports) {
    Prediction prediction;
    // Groups first, because topics depend on them.
    for (Head head : {kGroup, kTopic, kDepartment}) {
      std::vector<std::pair<float, bool>> answers;
      std::vector<float> weights;
      size_t right = 0;
      for (const HeldOut& text : texts_) {
        if (text.truth.labels[head] == kNoLabel) continue;
        Predict(text, prediction);
        if (head == kTopic) AdjustGroups(combination_, prediction);
        const Ranked first = Best(prediction.probabilities[head], 1).front();
        const bool is_right = first.label == static_cast<size_t>(text.truth.labels[head]);
        right += is_right ? 1 : 0;
        answers.emplace_back(static_cast<float>(first.probability), is_right);
        weights.push_back(text.weight);
      }
      if (answers.empty()) continue;
      reports[head] = {.accuracy = static_cast<double>(right) / static_cast<double>(answers.size()),
                       .ece = CalibrationError(answers),
                       .examples = static_cast<uint32_t>(answers.size())};
      combination_.confidence[head] = FitConfidence(answers, weights, kUsual);
    }
  }

  const CalibrationTask& task_;
  const std::vector<HeldOut>& texts_;
  std::vector<std::vector<Place>> by_fold_;
  Combination combination_;
};

}  // namespace

Calibration Calibrate(const CalibrationTask& task, const std::vector<HeldOut>& texts) {
  return Calibrator(task, texts).Run();
}

double CalibrationError(absl::Span<const std::pair<float, bool>> answers, size_t bins) {
  if (answers.empty()) return 0;
  std::vector<double> gaps(bins, 0.0);
  for (const auto& [probability, right] : answers) {
    const auto bin = static_cast<size_t>(probability * static_cast<float>(bins));
    gaps[std::min(bins - 1, bin)] += probability - (right ? 1.0 : 0.0);
  }
  double error = 0;
  for (double gap : gaps) error += std::abs(gap);
  return error / static_cast<double>(answers.size());
}

}  // namespace veche::classification
