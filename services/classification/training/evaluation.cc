#include "services/classification/training/evaluation.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/classification/classifier/reference.h"
#include "services/classification/training/calibration.h"

namespace veche::classification {
namespace {

constexpr double kWishedPrecision = 0.9;
constexpr double kSurest = 0.6;
constexpr const char* kHeadNames[kHeads] = {"topic", "group", "department"};

// The answer for a text, and the right label.
struct Answer {
  std::vector<std::string> best;  // at most three
  float probability = 0;          // of the first
  std::string right;
  bool IsRight() const { return best.front() == right; }
};

// First answers, the surest first.
std::vector<std::pair<float, bool>> Surest(const std::vector<Answer>& answers) {
  std::vector<std::pair<float, bool>> firsts;
  for (const Answer& answer : answers) firsts.emplace_back(answer.probability, answer.IsRight());
  std::sort(firsts.rbegin(), firsts.rend());
  return firsts;
}

double Coverage(const std::vector<Answer>& answers) {
  const auto firsts = Surest(answers);
  size_t right = 0;
  size_t covered = 0;
  for (size_t i = 0; i < firsts.size(); ++i) {
    right += firsts[i].second ? 1 : 0;
    // Answers with equal probabilities are counted together.
    if (i + 1 < firsts.size() && firsts[i + 1].first == firsts[i].first) continue;
    if (static_cast<double>(right) >= kWishedPrecision * static_cast<double>(i + 1)) {
      covered = i + 1;
    }
  }
  return static_cast<double>(covered) / static_cast<double>(answers.size());
}

double AccuracyOfSurest(const std::vector<Answer>& answers) {
  const auto firsts = Surest(answers);
  const auto count =
      std::max<size_t>(1, static_cast<size_t>(kSurest * static_cast<double>(firsts.size())));
  const auto right =
      std::count_if(firsts.begin(), firsts.begin() + static_cast<std::ptrdiff_t>(count),
                    [](const auto& first) { return first.second; });
  return static_cast<double>(right) / static_cast<double>(count);
}

void AddF1(const std::vector<Answer>& answers, Quality& quality) {
  struct Count {
    double both = 0, said = 0, right = 0;
  };
  std::map<std::string, Count> counts;
  for (const Answer& answer : answers) {
    ++counts[answer.right].right;
    ++counts[answer.best.front()].said;
    if (answer.IsRight()) ++counts[answer.right].both;
  }
  for (const auto& [name, count] : counts) {
    const double f1 = 2 * count.both / (count.said + count.right);
    quality.macro_f1 += f1 / static_cast<double>(counts.size());
    quality.weighted_f1 += f1 * count.right / static_cast<double>(answers.size());
  }
}

Quality Judge(const std::vector<Answer>& answers) {
  Quality quality;
  quality.rows = answers.size();
  std::vector<std::pair<float, bool>> firsts;
  const double share = 1 / static_cast<double>(answers.size());
  for (const Answer& answer : answers) {
    firsts.emplace_back(answer.probability, answer.IsRight());
    quality.accuracy += answer.IsRight() ? share : 0;
    const auto end = answer.best.end();
    quality.top3 += std::find(answer.best.begin(), end, answer.right) != end ? share : 0;
  }
  quality.ece = CalibrationError(firsts);
  quality.coverage_at_90 = Coverage(answers);
  quality.accuracy_at_60 = AccuracyOfSurest(answers);
  AddF1(answers, quality);
  return quality;
}

// The labels of a text; a missing group is that of the topic.
std::array<std::string, kHeads> LabelsOf(const Example& example) {
  std::array<std::string, kHeads> labels = {example.topic, example.group, example.department};
  const Topic* topic = FindTopic(example.topic);
  if (labels[kGroup].empty() && topic != nullptr) labels[kGroup] = topic->group;
  return labels;
}

Answer MakeAnswer(const std::vector<std::string>& names, const std::vector<float>& probabilities,
                  std::string right) {
  constexpr size_t kBest = 3;
  Answer answer;
  for (const Ranked& ranked : Best(probabilities, kBest)) {
    answer.best.push_back(names[ranked.label]);
    if (answer.best.size() == 1) answer.probability = static_cast<float>(ranked.probability);
  }
  answer.right = std::move(right);
  return answer;
}

double TextsPerSecond(const Model& model, absl::Span<const LabelledText> texts,
                      const std::vector<size_t>& places) {
  using Clock = std::chrono::steady_clock;
  constexpr double kSeconds = 0.5;
  constexpr int kFewestPasses = 3;
  Prediction prediction;
  double total = 0;
  double fastest = 0;
  for (int pass = 0; pass < kFewestPasses || total < kSeconds; ++pass) {
    model.Forget();
    const auto start = Clock::now();
    for (size_t i = 0; i < texts.size(); ++i) {
      model.Predict(texts[i].example.text, places[i], prediction);
    }
    const std::chrono::duration<double> taken = Clock::now() - start;
    total += taken.count() + 1e-9;
    if (pass == 0 || taken.count() < fastest) fastest = taken.count();
  }
  return static_cast<double>(texts.size()) / std::max(fastest, 1e-9);
}

std::string QualityJson(const Quality& quality) {
  return absl::StrFormat(
      "{\"accuracy\": %.4f, \"macroF1\": %.4f, \"weightedF1\": %.4f, \"top3\": %.4f, "
      "\"ece\": %.4f, \"coverageAt90\": %.4f, \"accuracyAt60\": %.4f, \"rows\": %d}",
      quality.accuracy, quality.macro_f1, quality.weighted_f1, quality.top3, quality.ece,
      quality.coverage_at_90, quality.accuracy_at_60, quality.rows);
}

}  // namespace

Evaluation Evaluate(const Model& model, absl::Span<const LabelledText> texts) {
  Evaluation evaluation;
  evaluation.rows = texts.size();
  evaluation.model_bytes = model.bytes().size();
  if (texts.empty()) return evaluation;
  std::vector<size_t> places;
  for (const LabelledText& text : texts) places.push_back(model.FindPlace(text.example.places));
  std::array<std::vector<Answer>, kHeads> answers;
  Prediction prediction;
  for (size_t i = 0; i < texts.size(); ++i) {
    model.Predict(texts[i].example.text, places[i], prediction);
    std::array<std::string, kHeads> labels = LabelsOf(texts[i].example);
    for (Head head : {kTopic, kGroup, kDepartment}) {
      if (labels[head].empty()) continue;
      answers[head].push_back(
          MakeAnswer(model.labels(head), prediction.probabilities[head], std::move(labels[head])));
    }
  }
  for (size_t head = 0; head < kHeads; ++head) {
    if (!answers[head].empty()) evaluation.heads[head] = Judge(answers[head]);
  }
  evaluation.texts_per_second = TextsPerSecond(model, texts, places);
  return evaluation;
}

std::vector<std::string> FindUnknownLabels(const Model& model,
                                           absl::Span<const LabelledText> texts) {
  struct Seen {
    size_t count = 0;
    const std::string* where = nullptr;
  };
  std::map<std::pair<size_t, std::string>, Seen> unknown;
  for (const LabelledText& text : texts) {
    const std::array<std::string, kHeads> labels = LabelsOf(text.example);
    for (Head head : {kTopic, kGroup, kDepartment}) {
      const bool known = absl::c_binary_search(model.labels(head), labels[head]);
      if (labels[head].empty() || known) continue;
      Seen& seen = unknown[{head, labels[head]}];
      if (++seen.count == 1) seen.where = &text.where;
    }
  }
  std::vector<std::string> lines;
  for (const auto& [label, seen] : unknown) {
    lines.push_back(absl::StrCat(*seen.where, ": the model does not know the ",
                                 kHeadNames[label.first], " ", QuoteLabel(label.second), "; ",
                                 seen.count, seen.count == 1 ? " text counts" : " texts count",
                                 " as an error"));
  }
  return lines;
}

std::string ToJson(const Evaluation& evaluation) {
  std::string json = "{";
  for (size_t head = 0; head < kHeads; ++head) {
    if (!evaluation.heads[head]) continue;
    absl::StrAppend(&json, "\"", kHeadNames[head], "\": ", QualityJson(*evaluation.heads[head]),
                    ", ");
  }
  absl::StrAppendFormat(&json, "\"rows\": %d, \"textsPerSecond\": %.0f, \"modelBytes\": %d}\n",
                        evaluation.rows, evaluation.texts_per_second, evaluation.model_bytes);
  return json;
}

std::string ToTable(const Evaluation& evaluation) {
  std::string table =
      "             accuracy        macro-F1 weighted-F1     top3      ece coverage@90 "
      "accuracy@60\n";
  for (size_t head = 0; head < kHeads; ++head) {
    if (!evaluation.heads[head]) continue;
    const Quality& quality = *evaluation.heads[head];
    // Of the normal approximation of the binomial distribution.
    const double margin = 1.96 * std::sqrt(quality.accuracy * (1 - quality.accuracy) /
                                           static_cast<double>(quality.rows));
    absl::StrAppendFormat(&table, "%-12s %8.3f ± %.3f %8.3f %11.3f %8.3f %8.3f %11.3f %11.3f\n",
                          kHeadNames[head], quality.accuracy, margin, quality.macro_f1,
                          quality.weighted_f1, quality.top3, quality.ece, quality.coverage_at_90,
                          quality.accuracy_at_60);
  }
  absl::StrAppendFormat(&table, "%d texts, %.0f a second; the model has %d bytes\n",
                        evaluation.rows, evaluation.texts_per_second, evaluation.model_bytes);
  return table;
}

}  // namespace veche::classification
