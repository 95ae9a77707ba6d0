#include "services/classification/evaluation.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/classification/model_file.h"
#include "services/classification/reference.h"

namespace veche::classification {
namespace {

constexpr size_t kBins = 15;
constexpr double kWishedPrecision = 0.9;

// The classes of an answer with their probabilities, best first, and the right one.
struct Answer {
  std::vector<std::pair<double, std::string>> ranked;
  std::string right;
  bool IsRight() const { return !ranked.empty() && ranked.front().second == right; }
};

// Adds the probabilities of the topics that fall into one class.
Answer MakeAnswer(const Model& model, const std::vector<double>& probabilities,
                  const std::function<std::string(const Topic&)>& class_of, std::string right) {
  std::map<std::string, double> sums;
  for (size_t i = 0; i < probabilities.size(); ++i) {
    const Topic* topic = FindTopic(model.labels()[i]);
    sums[topic == nullptr ? model.labels()[i] : class_of(*topic)] += probabilities[i];
  }
  Answer answer = {.ranked = {}, .right = std::move(right)};
  for (const auto& [name, probability] : sums) answer.ranked.emplace_back(probability, name);
  std::sort(answer.ranked.begin(), answer.ranked.end(),
            [](const auto& left, const auto& right_one) {
              return left.first != right_one.first ? left.first > right_one.first
                                                   : left.second < right_one.second;
            });
  return answer;
}

double CalibrationError(const std::vector<Answer>& answers) {
  struct Bin {
    double probability = 0;
    double right = 0;
  };
  std::array<Bin, kBins> bins;
  for (const Answer& answer : answers) {
    const double probability = answer.ranked.front().first;
    Bin& bin = bins[std::min(kBins - 1, static_cast<size_t>(probability * kBins))];
    bin.probability += probability;
    bin.right += answer.IsRight() ? 1 : 0;
  }
  double error = 0;
  for (const Bin& bin : bins) error += std::abs(bin.probability - bin.right);
  return error / static_cast<double>(answers.size());
}

double Coverage(const std::vector<Answer>& answers) {
  std::vector<std::pair<double, bool>> firsts;
  for (const Answer& answer : answers) {
    firsts.emplace_back(answer.ranked.front().first, answer.IsRight());
  }
  std::sort(firsts.rbegin(), firsts.rend());
  size_t right = 0;
  size_t covered = 0;
  for (size_t i = 0; i < firsts.size(); ++i) {
    right += firsts[i].second ? 1 : 0;
    // Equal probabilities stand or fall together.
    if (i + 1 < firsts.size() && firsts[i + 1].first == firsts[i].first) continue;
    if (static_cast<double>(right) >= kWishedPrecision * static_cast<double>(i + 1))
      covered = i + 1;
  }
  return static_cast<double>(covered) / static_cast<double>(answers.size());
}

void AddF1(const std::vector<Answer>& answers, Quality& quality) {
  struct Count {
    double both = 0, said = 0, right = 0;
  };
  std::map<std::string, Count> counts;
  for (const Answer& answer : answers) {
    ++counts[answer.right].right;
    ++counts[answer.ranked.front().second].said;
    if (answer.IsRight()) ++counts[answer.right].both;
  }
  double classes = 0;
  for (const auto& [name, count] : counts) {
    if (count.right == 0) continue;
    const double f1 = 2 * count.both / (count.said + count.right);
    ++classes;
    quality.macro_f1 += f1;
    quality.weighted_f1 += f1 * count.right / static_cast<double>(answers.size());
  }
  quality.macro_f1 /= classes;
}

Quality Judge(const std::vector<Answer>& answers) {
  Quality quality;
  const auto size = static_cast<double>(answers.size());
  for (const Answer& answer : answers) {
    quality.accuracy += answer.IsRight() ? 1 / size : 0;
    for (size_t i = 0; i < std::min<size_t>(3, answer.ranked.size()); ++i) {
      if (answer.ranked[i].second == answer.right) quality.top3 += 1 / size;
    }
  }
  AddF1(answers, quality);
  quality.ece = CalibrationError(answers);
  quality.coverage_at_90 = Coverage(answers);
  return quality;
}

std::string QualityJson(const Quality& quality) {
  return absl::StrFormat(
      "{\"accuracy\": %.4f, \"macroF1\": %.4f, \"weightedF1\": %.4f, \"top3\": %.4f, \"ece\": "
      "%.4f, "
      "\"coverageAt90\": %.4f}",
      quality.accuracy, quality.macro_f1, quality.weighted_f1, quality.top3, quality.ece,
      quality.coverage_at_90);
}

std::string QualityLine(absl::string_view name, const Quality& quality) {
  return absl::StrFormat("%-12s %8.3f %8.3f %10.3f %8.3f %8.3f %12.3f\n", name, quality.accuracy,
                         quality.macro_f1, quality.weighted_f1, quality.top3, quality.ece,
                         quality.coverage_at_90);
}

}  // namespace

Evaluation Evaluate(const Model& model, absl::Span<const LabelledText> texts) {
  std::vector<std::vector<double>> probabilities;
  const auto start = std::chrono::steady_clock::now();
  for (const LabelledText& text : texts) {
    probabilities.push_back(model.Probabilities(ExtractFeatures(text.example.text)));
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  std::vector<Answer> topics, groups, departments;
  for (size_t i = 0; i < texts.size(); ++i) {
    const Topic* topic = FindTopic(texts[i].example.topic);
    topics.push_back(MakeAnswer(
        model, probabilities[i], [](const Topic& t) { return t.id; }, texts[i].example.topic));
    groups.push_back(MakeAnswer(
        model, probabilities[i], [](const Topic& t) { return t.group; },
        topic == nullptr ? "" : topic->group));
    if (texts[i].department_kind.empty()) continue;
    departments.push_back(MakeAnswer(
        model, probabilities[i], [](const Topic& t) { return t.department_kind; },
        texts[i].department_kind));
  }
  Evaluation evaluation;
  evaluation.rows = texts.size();
  evaluation.texts_per_second = static_cast<double>(texts.size()) / taken.count();
  evaluation.model_bytes = SerializeModel(model).size();
  if (texts.empty()) return evaluation;
  evaluation.topic = Judge(topics);
  evaluation.group = Judge(groups);
  if (!departments.empty()) evaluation.department = Judge(departments);
  return evaluation;
}

std::string ToJson(const Evaluation& evaluation) {
  std::string json = absl::StrCat("{\"topic\": ", QualityJson(evaluation.topic),
                                  ", \"group\": ", QualityJson(evaluation.group));
  if (evaluation.department) {
    absl::StrAppend(&json, ", \"department\": ", QualityJson(*evaluation.department));
  }
  absl::StrAppendFormat(&json, ", \"rows\": %d, \"textsPerSecond\": %.0f, \"modelBytes\": %d}\n",
                        evaluation.rows, evaluation.texts_per_second, evaluation.model_bytes);
  return json;
}

std::string ToTable(const Evaluation& evaluation) {
  std::string table = "             accuracy macro-F1 weighted-F1     top3      ece coverage@90\n";
  absl::StrAppend(&table, QualityLine("topic", evaluation.topic),
                  QualityLine("group", evaluation.group));
  if (evaluation.department) {
    absl::StrAppend(&table, QualityLine("department", *evaluation.department));
  }
  absl::StrAppendFormat(&table, "%d texts, %.0f a second; the model has %d bytes\n",
                        evaluation.rows, evaluation.texts_per_second, evaluation.model_bytes);
  return table;
}

}  // namespace veche::classification
